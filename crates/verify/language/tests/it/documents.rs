//! Any document that can be written.
//!
//! Parts are boxed: unboxed, the strategies of a debug build take more stack than a test has.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use voidstate_language::ast::{
    Arm, BinaryOp, Body, Bound, Budget, BudgetKind, Clause, ClauseKind, CompareOp, Complexity,
    Define, Enum, Example, Expr, ExprKind, Field, Item, ItemKind, Literal, Member, MemberKind,
    Name, Operation, Outcome, Pattern, Permission, Quantity, Record, Scenario, Step, Tool,
    TypeExpr, TypeKind, UnaryOp, Variant,
};
use voidstate_language::{Document, Span, Unit};

const RESERVED: [&str; 36] = [
    "record",
    "enum",
    "define",
    "tool",
    "protocol",
    "input",
    "output",
    "state",
    "requires",
    "fails",
    "ensures",
    "invariant",
    "complexity",
    "budget",
    "effects",
    "permissions",
    "example",
    "scenario",
    "operation",
    "if",
    "then",
    "else",
    "let",
    "in",
    "match",
    "not",
    "and",
    "or",
    "old",
    "result",
    "some",
    "none",
    "true",
    "false",
    "within",
    "relative",
];

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z][a-z0-9_]{0,8}",
        1 => "[A-Z_][A-Za-z0-9_]{1,20}",
        1 => prop::sample::select(vec!["ms", "s", "d", "min", "when", "where", "time", "memory", "O", "log", "int", "text", "e1", "b"])
            .prop_map(str::to_owned),
    ]
    .prop_filter("a word of the language", |w| !RESERVED.contains(&w.as_str()))
}

fn name() -> impl Strategy<Value = Name> {
    word().prop_map(Name::new)
}

fn any_word() -> impl Strategy<Value = Name> {
    prop_oneof![3 => word(), 1 => prop::sample::select(RESERVED.to_vec()).prop_map(str::to_owned)]
        .prop_filter("no word among others", |w| w != "none")
        .prop_map(Name::new)
}

fn binding() -> impl Strategy<Value = Name> {
    prop_oneof![5 => name(), 1 => Just(Name::new("_"))]
}

fn type_name() -> impl Strategy<Value = Name> {
    "[A-Z][A-Za-z0-9_]{0,6}".prop_map(Name::new)
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![3 => "[ -~]{0,12}", 1 => any::<String>().prop_map(|s| s.chars().take(12).collect())]
}

fn comments() -> impl Strategy<Value = Vec<String>> {
    let comment = prop_oneof!["[ -~é]{0,20}", "/[ -~]{0,5}"].prop_map(|c| c.trim_end().to_owned());
    prop_oneof![4 => Just(Vec::new()), 1 => vec(comment, 1..3)]
}

fn unit() -> impl Strategy<Value = Unit> {
    prop::sample::select(Unit::ALL.to_vec())
}

fn type_() -> impl Strategy<Value = TypeExpr> {
    let of = |kind| TypeExpr {
        kind,
        span: Span::default(),
    };
    let leaf = prop_oneof![
        prop::sample::select(vec![
            TypeKind::Bool,
            TypeKind::Text,
            TypeKind::Bytes,
            TypeKind::Duration,
            TypeKind::Size
        ]),
        option::of(unit()).prop_map(TypeKind::Int),
        option::of(unit()).prop_map(TypeKind::Real),
        type_name().prop_map(|n| TypeKind::Named(n.text)),
    ]
    .prop_map(of);
    leaf.prop_recursive(3, 8, 3, move |inner| {
        prop_oneof![
            inner.clone().prop_map(|t| TypeKind::List(Box::new(t))),
            inner.clone().prop_map(|t| TypeKind::Option(Box::new(t))),
            (inner.clone(), inner.clone())
                .prop_map(|(k, v)| TypeKind::Map(Box::new(k), Box::new(v))),
            vec(inner, 2..4).prop_map(TypeKind::Tuple),
        ]
        .prop_map(of)
    })
}

fn field() -> impl Strategy<Value = Field> {
    (name(), type_()).prop_map(|(name, type_)| Field { name, type_ })
}

fn literal() -> impl Strategy<Value = Literal> {
    prop_oneof![
        any::<bool>().prop_map(Literal::Bool),
        prop_oneof![-20..20_i64, any::<i64>(), Just(i64::MIN), Just(i64::MAX)]
            .prop_map(Literal::Int),
        prop_oneof![-2.0..2.0, any::<f64>(), Just(-0.0)]
            .prop_filter("finite", |x: &f64| x.is_finite())
            .prop_map(Literal::Real),
        text().prop_map(Literal::Text),
        vec(any::<u8>(), 0..8).prop_map(Literal::Bytes),
        (
            prop_oneof![-2000..2000_i64, -i64::MAX..i64::MAX],
            0..=18_u8,
            unit()
        )
            .prop_map(|(digits, decimals, unit)| Literal::Quantity(Quantity {
                digits,
                decimals,
                unit
            })),
    ]
}

fn boxed(kind: ExprKind) -> Expr {
    Expr::new(kind, Span::default())
}

fn pattern() -> impl Strategy<Value = Pattern> {
    prop_oneof![
        Just(Pattern::Any),
        Just(Pattern::None),
        binding().prop_map(Pattern::Some),
        (name(), vec(binding(), 0..3))
            .prop_map(|(variant, bindings)| Pattern::Variant { variant, bindings }),
    ]
}

fn binary_op() -> impl Strategy<Value = BinaryOp> {
    use BinaryOp::{
        Add, And, Concat, Divide, Equivalent, Implies, Multiply, Or, Remainder, Subtract,
    };
    prop::sample::select(vec![
        Equivalent, Implies, Or, And, Add, Subtract, Concat, Multiply, Divide, Remainder,
    ])
}

fn compare_op() -> impl Strategy<Value = CompareOp> {
    use CompareOp::{Equal, Greater, GreaterEqual, In, Less, LessEqual, NotEqual};
    prop::sample::select(vec![
        Equal,
        NotEqual,
        Less,
        LessEqual,
        Greater,
        GreaterEqual,
        In,
    ])
}

fn leaf() -> BoxedStrategy<Expr> {
    prop_oneof![
        4 => name().prop_map(|n| ExprKind::Name(n.text)),
        4 => literal().prop_map(ExprKind::Literal),
        1 => Just(ExprKind::None),
        1 => name().prop_map(ExprKind::Result),
        1 => (type_name(), name()).prop_map(|(of, variant)| ExprKind::Variant { of, variant, arguments: Vec::new() }),
        1 => name().prop_map(|n| ExprKind::Field(boxed(ExprKind::Name("state".to_owned())), n)),
    ]
    .prop_map(boxed)
    .boxed()
}

pub(crate) fn expr() -> BoxedStrategy<Expr> {
    leaf().prop_recursive(6, 24, 3, |e| {
        let operators = prop_oneof![
            4 => (binary_op(), e.clone(), e.clone()).prop_map(|(op, a, b)| ExprKind::Binary(op, a, b)),
            2 => (e.clone(), vec((compare_op(), e.clone()), 1..3))
                .prop_map(|(first, rest)| ExprKind::Compare { first, rest }),
            1 => (e.clone(), e.clone(), e.clone(), any::<bool>()).prop_map(|(left, right, tolerance, relative)| {
                ExprKind::Approx { left, right, tolerance, relative }
            }),
            1 => (e.clone(), e.clone()).prop_map(|(a, b)| ExprKind::Range(a, b)),
            1 => e.clone().prop_map(|a| ExprKind::Unary(UnaryOp::Not, a)),
            1 => e.clone().prop_map(|a| ExprKind::Unary(UnaryOp::Negate, a)),
        ].boxed();
        let open = prop_oneof![
            (e.clone(), e.clone(), e.clone()).prop_map(|(a, b, c)| ExprKind::If(a, b, c)),
            (binding(), e.clone(), e.clone()).prop_map(|(name, value, body)| ExprKind::Let { name, value, body }),
            (vec(binding(), 1..3), e.clone()).prop_map(|(parameters, body)| ExprKind::Lambda { parameters, body }),
            (e.clone(), vec((pattern(), e.clone()), 1..3)).prop_map(|(of, arms)| {
                let arms = arms.into_iter().map(|(pattern, body)| Arm { pattern, body }).collect();
                ExprKind::Match { of, arms }
            }),
        ].boxed();
        let parts = prop_oneof![
            (e.clone(), name()).prop_map(|(of, n)| ExprKind::Field(of, n)),
            (e.clone(), 0..3_u32).prop_map(|(of, p)| ExprKind::Position(of, p)),
            (e.clone(), e.clone()).prop_map(|(of, i)| ExprKind::Index(of, i)),
            (e.clone(), option::of(e.clone()), option::of(e.clone()))
                .prop_map(|(of, from, to)| ExprKind::Slice { of, from, to }),
        ].boxed();
        let lists = prop_oneof![
            vec(e.clone(), 0..3).prop_map(ExprKind::List),
            vec(e.clone(), 2..4).prop_map(ExprKind::Tuple),
            vec((e.clone(), e.clone()), 0..3).prop_map(ExprKind::Map),
            e.clone().prop_map(ExprKind::Old),
            e.clone().prop_map(ExprKind::Some),
            (name(), vec(e.clone(), 0..3)).prop_map(|(function, arguments)| ExprKind::Call { function, arguments }),
            (type_name(), vec((name(), e.clone()), 0..3)).prop_map(|(name, fields)| ExprKind::Record { name, fields }),
            (type_name(), name(), vec(e.clone(), 0..3))
                .prop_map(|(of, variant, arguments)| ExprKind::Variant { of, variant, arguments }),
        ].boxed();
        prop_oneof![3 => operators, 2 => open, 2 => parts, 2 => lists].prop_map(boxed)
    })
    .boxed()
}

fn bound() -> impl Strategy<Value = Bound> {
    let variable = name().prop_filter("functions of bounds", |n| {
        n.text != "log" && n.text != "sqrt"
    });
    let leaf = prop_oneof![
        any::<u32>().prop_map(Bound::Constant),
        variable.prop_map(Bound::Variable)
    ];
    leaf.prop_recursive(4, 10, 3, |b| {
        let one = b.clone().prop_map(Box::new);
        prop_oneof![
            one.clone().prop_map(Bound::Log),
            one.clone().prop_map(Bound::Sqrt),
            one.clone().prop_map(Bound::Factorial),
            (one.clone(), any::<u32>()).prop_map(|(b, n)| Bound::Power(b, n)),
            (any::<u32>(), one).prop_map(|(n, b)| Bound::Exponential(n, b)),
            vec(b.clone(), 2..4).prop_map(Bound::Product),
            vec(b, 2..4).prop_map(Bound::Sum),
        ]
    })
}

fn named() -> impl Strategy<Value = Vec<(Name, Expr)>> {
    vec((name(), expr()), 0..3)
}

fn outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![Just(Outcome::Fails), named().prop_map(Outcome::Gives)]
}

fn plain_member() -> impl Strategy<Value = MemberKind> {
    let kind = prop::sample::select(vec![
        ClauseKind::Requires,
        ClauseKind::Fails,
        ClauseKind::Ensures,
        ClauseKind::Invariant,
    ]);
    let budget = prop::sample::select(vec![BudgetKind::Time, BudgetKind::Memory]);
    let permission =
        (any_word(), text()).prop_map(|(action, resource)| Permission { action, resource });
    let step =
        (name(), named(), option::of(outcome())).prop_map(|(operation, inputs, outcome)| Step {
            operation,
            inputs,
            outcome,
        });
    prop_oneof![
        field().prop_map(MemberKind::Input),
        field().prop_map(MemberKind::Output),
        field().prop_map(MemberKind::State),
        (kind, text(), expr()).prop_map(|(kind, label, condition)| MemberKind::Clause(Clause {
            kind,
            label,
            condition
        })),
        (any_word(), bound(), named()).prop_map(|(operation, bound, variables)| {
            MemberKind::Complexity(Complexity {
                operation,
                bound,
                variables,
            })
        }),
        (budget, expr(), option::of(expr()))
            .prop_map(|(kind, limit, when)| MemberKind::Budget(Budget { kind, limit, when })),
        vec(any_word(), 0..3).prop_map(MemberKind::Effects),
        vec(permission, 0..3).prop_map(MemberKind::Permissions),
        (option::of(text()), named(), outcome()).prop_map(|(label, inputs, outcome)| {
            MemberKind::Example(Example {
                label,
                inputs,
                outcome,
            })
        }),
        (text(), vec(step, 0..3))
            .prop_map(|(label, steps)| MemberKind::Scenario(Scenario { label, steps })),
    ]
}

fn body(member: impl Strategy<Value = MemberKind>) -> impl Strategy<Value = Body> {
    let member = (comments(), member).prop_map(|(comments, kind)| Member {
        comments,
        kind,
        span: Span::default(),
    });
    vec(member, 0..5).prop_map(|members| Body { members })
}

fn tool() -> impl Strategy<Value = Tool> {
    let operation = (name(), option::of(text()), body(plain_member()))
        .prop_map(|(name, doc, body)| MemberKind::Operation(Operation { name, doc, body }));
    let member = prop_oneof![5 => plain_member(), 1 => operation];
    (name(), option::of(text()), body(member)).prop_map(|(name, doc, body)| Tool {
        name,
        doc,
        body,
    })
}

fn item() -> impl Strategy<Value = Item> {
    let variant =
        (name(), vec(type_(), 0..3)).prop_map(|(name, payload)| Variant { name, payload });
    let kind = prop_oneof![
        1 => (type_name(), vec(field(), 0..6)).prop_map(|(name, fields)| ItemKind::Record(Record { name, fields })),
        1 => (type_name(), vec(variant, 1..6)).prop_map(|(name, variants)| ItemKind::Enum(Enum { name, variants })),
        2 => (name(), vec(field(), 0..4), type_(), expr()).prop_map(|(name, parameters, result, body)| {
            ItemKind::Define(Define { name, parameters, result, body })
        }),
        3 => tool().prop_map(ItemKind::Tool),
    ];
    (comments(), kind).prop_map(|(comments, kind)| Item {
        comments,
        kind,
        span: Span::default(),
    })
}

pub(crate) fn document() -> impl Strategy<Value = Document> {
    (vec(item(), 0..4), comments()).prop_map(|(items, comments)| Document { items, comments })
}
