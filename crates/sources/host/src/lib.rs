//! Host source: reads /proc and /sys of a Linux machine once per tick.
