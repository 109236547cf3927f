"""Functions that compiled code calls where they lie.

numba copies a compiled function into each one that calls it, and there optimizes it again, and once
more around the threads: several times as long as it took by itself. A large function that many
kernels call would so make up half of what is compiled for a first training step.

The callers' code finds it by its name, which must be known when that code is loaded: `make_known`.
"""

from functools import cache

import llvmlite.binding as llvm
from numba import config
from numba.core import cgutils, types
from numba.core.dispatcher import Dispatcher
from numba.core.errors import TypingError
from numba.core.imputils import impl_ret_new_ref
from numba.extending import _Intrinsic, intrinsic

from ...compiled_code import jit


def compiled_apart(*kinds):
    """Decorate a function of arguments of these numba types, for compiled functions to call.

    It is compiled, or found as it was compiled before, when the first of them is.
    """

    def decorate(function):
        if config.DISABLE_JIT:
            return function
        compiled = jit(function)
        symbol = f"{function.__module__}.{function.__name__}"

        @cache
        def known():
            """The function's signature, after its name was made known."""
            make_known(function)
            compiled.compile(kinds)
            code = compiled.overloads[kinds]
            address = code.library.get_pointer_to_function(code.fndesc.llvm_func_name)
            llvm.add_symbol(symbol, address)
            return code.signature

        @intrinsic
        def call(typing, *given):
            for kind, got in zip(kinds, given, strict=True):
                if typing.can_convert(got, kind) is None:
                    raise TypingError(f"{function.__name__}: expected {kind}, got {got}")

            def generate(context, builder, signature, arguments):
                conventions, result = context.call_conv, signature.return_type
                arguments = cgutils.unpack_tuple(builder, *arguments)
                type_ = conventions.get_function_type(result, kinds)
                callee = cgutils.get_or_insert_function(builder.module, type_, symbol)
                status, value = conventions.call_function(builder, callee, result, kinds, arguments)
                with cgutils.if_unlikely(builder, status.is_error):
                    conventions.return_status_propagate(builder, status)
                return impl_ret_new_ref(context, builder, result, value)

            return known().return_type(types.StarArgTuple.from_types(kinds)), generate

        call.known = known
        return call

    return decorate


@cache
def make_known(function):
    """Make known the names that the code of a compiled ``function`` calls.

    Whoever calls such a function from Python does this first.
    """
    function = getattr(function, "py_func", function)
    for name in function.__code__.co_names:
        called = function.__globals__.get(name)
        if isinstance(called, Dispatcher):
            make_known(called)
        elif isinstance(called, _Intrinsic) and hasattr(called, "known"):
            called.known()
