"""The only files that write LLVM: vector instructions, and the inner loops made of them."""
