//! There and back again.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt::Debug;
use std::time::Duration;

use proptest::prelude::*;
use voidstate_spec::language::{Type, Unit, Value};
use voidstate_spec::{FromSpec, SpecValue};

fn returns<T: FromSpec + PartialEq + Debug>(value: &T, type_: &Type) -> Result<(), TestCaseError> {
    let there = value.to_value(type_).unwrap();
    let back = T::from_value(&there).unwrap();
    prop_assert_eq!(&back, value);
    prop_assert_eq!(back.to_value(type_).unwrap(), there);
    Ok(())
}

fn list(of: Type) -> Type {
    Type::List(of.into())
}

const INT: Type = Type::Int(None);

proptest! {
    #[test]
    fn values_come_back_as_they_went(
        n in any::<i64>(), small in any::<i8>(), text in any::<String>(), c in any::<char>(),
        bytes in any::<Vec<u8>>(), x in -1e300..1e300_f64, narrow in -1e30..1e30_f32, nanos in 0..i64::MAX as u64,
        words in prop::collection::btree_map(any::<String>(), any::<u32>(), 0..5),
        nested in prop::collection::vec(any::<Option<i32>>(), 0..5),
    ) {
        returns(&n, &INT)?;
        returns(&n, &Type::Int(Some(Unit::Nanoseconds)))?;
        returns(&n, &Type::Duration)?;
        returns(&n, &Type::Size)?;
        returns(&small, &INT)?;
        returns(&text, &Type::Text)?;
        returns(&c, &Type::Text)?;
        returns(&bytes, &Type::Bytes)?;
        returns(&bytes, &list(INT))?;
        returns(&VecDeque::from(bytes.clone()), &Type::Bytes)?;
        returns(&x, &Type::Real(None))?;
        returns(&narrow, &Type::Real(None))?;
        returns(&Duration::from_nanos(nanos), &Type::Duration)?;
        returns(&words, &Type::Map(Type::Text.into(), INT.into()))?;
        let hashed: HashMap<String, u32> = words.clone().into_iter().collect();
        returns(&hashed, &Type::Map(Type::Text.into(), INT.into()))?;
        returns(&nested, &list(Type::Option(INT.into())))?;
        returns(&(n, text.clone(), Some(x)), &Type::Tuple(vec![INT, Type::Text, Type::Option(Type::Real(None).into())].into()))?;
        returns(&Box::new([n, n / 2]), &list(INT))?;
    }

    #[test]
    fn what_does_not_fit_is_inexpressible(n in any::<i64>(), x in any::<f64>()) {
        let value = Value::Int(n);
        prop_assert_eq!(u8::from_value(&value).is_ok(), u8::try_from(n).is_ok());
        prop_assert_eq!(i16::from_value(&value).is_ok(), i16::try_from(n).is_ok());
        prop_assert_eq!(usize::from_value(&value).is_ok(), n >= 0);
        let real = f32::from_value(&Value::Real(x));
        match real {
            Ok(narrow) => prop_assert!(x.is_nan() || f64::from(narrow).to_bits() == x.to_bits()),
            Err(_) => prop_assert!(x.is_finite()),
        }
    }
}

#[test]
fn ends_of_ranges() {
    assert!(u64::MAX.to_value(&INT).is_err());
    assert!(Duration::MAX.to_value(&Type::Duration).is_err());
    assert!(Duration::from_value(&Value::Duration(-1)).is_err());
    assert!(f32::from_value(&Value::Real(f64::NAN)).unwrap().is_nan());
    assert!(
        f32::from_value(&Value::Real(f64::INFINITY))
            .unwrap()
            .is_infinite()
    );
    assert!(char::from_value(&Value::Text("ab".into())).is_err());
    assert!(char::from_value(&Value::Text("".into())).is_err());
    assert!(<[i64; 2]>::from_value(&Value::List(vec![Value::Int(1)].into())).is_err());
    assert!(Vec::<u8>::from_value(&Value::List(vec![Value::Int(256)].into())).is_err());
    assert!(Vec::<i64>::from_value(&Value::Bool(true)).is_err());
    assert!(BTreeMap::<String, i64>::from_value(&Value::Int(1)).is_err());
    assert!(vec![300_u16].to_value(&Type::Bytes).is_err());
    let text = u64::MAX.to_value(&INT).unwrap_err().to_string();
    assert_eq!(
        text,
        "18446744073709551615 is outside int (-2^63 to 2^63 - 1)"
    );
}
