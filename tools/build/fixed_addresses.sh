#!/bin/bash
# Runs a program without address randomisation where the kernel lets it. ThreadSanitizer of GCC 12
# reserves fixed ranges; a kernel with 32 random bits (vm.mmap_rnd_bits) may place a library there.
if setarch -R true 2>/dev/null; then exec setarch -R "$@"; fi
exec "$@"
