"""The only files that write LLVM: SIMD instructions, inner loops of them, and calls."""
