#!/bin/sh
# Fails when performing an effect with the direct runner is more than the call it stands for: compares the disassembly of a
# program of performed effects with that of the same calls (x86-64 only). No `call`, no way to panic, and not more
# instructions than 1.05 times those of the calls.
set -eu
cd "$(dirname "$0")"
[ "$(uname -m)" = x86_64 ] || { echo "skipped: the disassembly is only known for x86-64"; exit 0; }
command -v objdump >/dev/null || { echo "objdump is missing: install binutils" >&2; exit 1; }
binary=${1:-$(cargo bench --locked --bench effects --no-run --message-format=json 2>/dev/null |
    sed -n 's/.*"executable":"\([^"]*effects[^"]*\)".*/\1/p' | tail -1)}
[ -n "$binary" ] || { echo "the bench did not build" >&2; exit 1; }
listing=$(objdump -d --no-show-raw-insn -M intel -C "$binary")
body() { printf '%s\n' "$listing" | awk -v name="<$1>:" '/^[0-9a-f]+ </ { inside = index($0, name) } inside && /^ / && !/[[:space:]](nop|int3|cs|data16|xchg +ax,ax)/'; }
performed=$(body voidstate_effects_performed)
called=$(body voidstate_effects_called)
suspended=$(body voidstate_effects_suspended)
ours=$(printf '%s\n' "$performed" | grep -c '^ ') || true
theirs=$(printf '%s\n' "$called" | grep -c '^ ') || true
[ "$ours" -gt 3 ] && [ "$theirs" -gt 3 ] || { echo "a function is not in the binary; the check would prove nothing" >&2; exit 1; }
if printf '%s\n' "$performed" | grep -E '[[:space:]]call|panic|ud2'; then
    echo "performing takes a call, or may panic" >&2
    exit 1
fi
if [ $((ours * 100)) -gt $((theirs * 105)) ]; then
    printf '%s\n--- performed %s, called %s\n' "$performed" "$ours" "$theirs" >&2
    exit 1
fi
# The check itself must be able to fail: a suspended program does allocate.
printf '%s\n' "$suspended" | grep -qE '[[:space:]]call' ||
    { echo "no call in the suspended program either; the pattern is wrong" >&2; exit 1; }
echo "ok: $ours instructions performed, $theirs called; no call, no panic"
