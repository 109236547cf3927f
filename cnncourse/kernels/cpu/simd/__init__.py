"""The only files that write LLVM: SIMD instructions, and the inner loops made of them."""
