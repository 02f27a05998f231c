#!/bin/sh
# Fails when firing a hook takes an atomic read-modify-write or a full fence: looks for `lock`, `xchg` with memory,
# `mfence` and `cmpxchg` in the disassembly of the firing function and of what is inlined into it (x86-64 only).
# Cold functions (first firing of a thread, panics, sampled timing, sweeping) are functions of their own and not looked at,
# but for the sampled timing, which is.
set -eu
cd "$(dirname "$0")"
[ "$(uname -m)" = x86_64 ] || { echo "skipped: the disassembly is only known for x86-64"; exit 0; }
command -v objdump >/dev/null || { echo "objdump is missing: install binutils" >&2; exit 1; }
binary=$(cargo bench --locked --bench runtime --no-run --message-format=json 2>/dev/null |
    sed -n 's/.*"executable":"\([^"]*runtime[^"]*\)".*/\1/p' | tail -1)
[ -n "$binary" ] || { echo "the bench did not build" >&2; exit 1; }
listing=$(objdump -d --no-show-raw-insn -M intel -C "$binary")
body=$(printf '%s\n' "$listing" | awk '
    /^[0-9a-f]+ </ { inside = /<voidstate_fire_path>:|<voidstate_runtime::bus::hook::Hook<.*>::fire_seen>:|<voidstate_runtime::bus::list::List<.*>::run_(many|timed)>:/ }
    inside && /^ / { print }
    inside && /^[0-9a-f]+ </ { print }')
for wanted in voidstate_fire_path fire_seen run_many run_timed; do
    printf '%s\n' "$body" | grep -q "^[0-9a-f]* <.*$wanted.*>:" ||
        { echo "$wanted is not in the binary; the check would prove nothing" >&2; exit 1; }
done
count=$(printf '%s\n' "$body" | grep -c '^ ')
if printf '%s\n' "$body" | grep -E '[[:space:]]lock[[:space:]]|xchg.*\[|mfence|cmpxchg|xadd'; then
    echo "the fire path takes an atomic read-modify-write or a fence" >&2
    exit 1
fi
# The check itself must be able to fail: the slow path does lock.
slow=$(printf '%s\n' "$listing" | grep -cE '[[:space:]]lock[[:space:]]')
[ "$slow" -gt 0 ] || { echo "no locked instruction in the whole binary; the pattern is wrong" >&2; exit 1; }
echo "ok: $count instructions of the fire path, none locked or fencing ($slow locked elsewhere)"
