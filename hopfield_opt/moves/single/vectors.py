"""Explicit vectors for kernels: 64 lanes of one number type, as one LLVM vector.

LLVM splits a vector into whatever registers the processor has, so that kernels written with
these functions run everywhere and are fast where vectors are wide. Plain loops over the lanes
were 4 to 10 times slower, because LLVM did not see that rows of one array do not overlap.

The functions here leave no call behind: they become part of the kernel that uses them.
"""

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.datamodel import models
from numba.extending import intrinsic, register_model

# Replicas served together: a stream, a visiting order and a result of their own.
LANES = 64
# xoshiro256++ runs in 8 columns of 64 bits: one step is 64 random bytes
STREAMS = 8


class Vector(types.Type):
    """The numba type of `count` numbers of type `dtype`."""

    def __init__(self, dtype: types.Type, count: int = LANES) -> None:
        self.dtype = dtype
        self.count = count
        super().__init__(name=f"Vector({dtype}, {count})")


@register_model(Vector)
class _VectorModel(models.PrimitiveModel):
    def __init__(self, manager: Any, vector: Vector) -> None:
        bit = isinstance(vector.dtype, types.Boolean)
        element = ir.IntType(1) if bit else manager.lookup(vector.dtype).get_value_type()
        super().__init__(manager, vector, ir.VectorType(element, vector.count))


WORDS = Vector(types.uint64, STREAMS)
MASK = Vector(types.boolean)


def _address(context: Any, builder: Any, array_type: Any, array: Any, offset: Any) -> Any:
    data = context.make_array(array_type)(context, builder, array).data
    return builder.gep(data, [offset])


def _loader(count: int) -> Any:
    @intrinsic
    def load(typing: Any, array: Any, offset: Any) -> Any:
        vector = Vector(array.dtype, count)

        def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            address = _address(context, builder, array, *args)
            pointer = context.get_value_type(vector).as_pointer()
            return builder.load(builder.bitcast(address, pointer), align=1)

        return vector(array, types.uintp), generate

    return load


load = _loader(LANES)  # load(array, offset): LANES numbers from a flat array
load_words = _loader(STREAMS)  # the same for the columns of the random stream


@intrinsic
def at(typing: Any, array: Any, offset: Any) -> Any:
    """Return one number of a flat array; ``array[offset]`` would look for negative offsets."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.load(_address(context, builder, array, *args))

    return array.dtype(array, types.uintp), generate


@intrinsic
def store(typing: Any, array: Any, offset: Any, vector: Any) -> Any:
    """Write the vector to a flat array from `offset` on."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        address = _address(context, builder, array, *args[:2])
        builder.store(args[2], builder.bitcast(address, args[2].type.as_pointer()), align=1)
        return context.get_dummy_value()

    return types.void(array, types.uintp, vector), generate


def _repeat(builder: Any, kind: Any, scalar: Any) -> Any:
    nothing = ir.Constant(kind, ir.Undefined)
    first = builder.insert_element(nothing, scalar, ir.Constant(ir.IntType(32), 0))
    zeros = ir.Constant(ir.VectorType(ir.IntType(32), kind.count), None)
    return builder.shuffle_vector(first, nothing, zeros)


@intrinsic
def splat(typing: Any, scalar: Any) -> Any:
    """Return the number in all lanes."""
    vector = Vector(scalar)

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return _repeat(builder, context.get_value_type(vector), args[0])

    return vector(scalar), generate


def _arithmetic(integer: str, real: str) -> Any:
    @intrinsic
    def operation(typing: Any, a: Any, b: Any) -> Any:
        name = real if isinstance(a.dtype, types.Float) else integer

        def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            return getattr(builder, name)(*args)

        return a(a, a), generate

    return operation


add = _arithmetic("add", "fadd")
subtract = _arithmetic("sub", "fsub")
multiply = _arithmetic("mul", "fmul")
both = _arithmetic("and_", "")
either = _arithmetic("or_", "")


@intrinsic
def multiply_add(typing: Any, a: Any, b: Any, c: Any) -> Any:
    """Return a * b + c, rounded once where the processor can."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        if not isinstance(a.dtype, types.Float):
            return builder.add(builder.mul(args[0], args[1]), args[2])
        kind = args[0].type
        name = f"llvm.fmuladd.v{kind.count}f{a.dtype.bitwidth}"
        function = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(kind, [kind] * 3), name
        )
        return builder.call(function, args)

    return a(a, a, a), generate


def _comparison(symbol: str) -> Any:
    @intrinsic
    def compare(typing: Any, a: Any, b: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            if isinstance(a.dtype, types.Float):
                return builder.fcmp_ordered(symbol, *args)
            return (builder.icmp_signed if a.dtype.signed else builder.icmp_unsigned)(symbol, *args)

        return MASK(a, a), generate

    return compare


less = _comparison("<")  # false where a number is nan
less_equal = _comparison("<=")


@intrinsic
def select(typing: Any, mask: Any, a: Any, b: Any) -> Any:
    """Return a in the lanes of the mask, b in the others."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.select(*args)

    return a(MASK, a, a), generate


def _conversion(source: Any, target: Any) -> str:
    """Return the LLVM instruction that turns `source` into `target` numbers."""
    narrower = source.bitwidth > target.bitwidth
    if isinstance(source, types.Float):
        return "fptrunc" if narrower else "fpext"
    if isinstance(target, types.Float):
        return "sitofp"
    return "trunc" if narrower else "sext"


@intrinsic
def convert(typing: Any, vector: Any, like: Any) -> Any:
    """Return signed or real numbers as numbers of the type of `like`; not reals as integers."""
    result = Vector(like)

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        if vector.dtype == like:
            return args[0]
        return getattr(builder, _conversion(vector.dtype, like))(
            args[0], context.get_value_type(result)
        )

    return result(vector, like), generate


@intrinsic
def reinterpret(typing: Any, vector: Any, like: Any) -> Any:
    """Return the same bits as numbers of the type of the scalar `like`."""
    result = Vector(like)

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], context.get_value_type(result))

    return result(vector, like), generate


def _shifter(unsigned: str, signed: str) -> Any:
    @intrinsic
    def shift(typing: Any, vector: Any, bits: Any) -> Any:
        name = signed if vector.dtype.signed else unsigned

        def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            amount = context.cast(builder, args[1], bits, vector.dtype)
            return getattr(builder, name)(args[0], _repeat(builder, args[0].type, amount))

        return vector(vector, bits), generate

    return shift


shift_left = _shifter("shl", "shl")
shift_right = _shifter("lshr", "ashr")


@intrinsic
def as_word(typing: Any, mask: Any) -> Any:
    """Return the 64 lanes of a mask as the bits of one number, lane 0 lowest."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], ir.IntType(LANES))

    return types.uint64(mask), generate


@intrinsic
def lowest_bit(typing: Any, word: Any) -> Any:
    """Return the place of the lowest bit that is set; the word must not be 0."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.cttz(args[0], ir.Constant(ir.IntType(1), 1))

    return types.uint64(types.uint64), generate


def _constant(vector: Any, number: int) -> Any:
    return ir.Constant(vector.type, [number] * vector.type.count)


def _rotate(builder: Any, x: Any, bits: int) -> Any:
    left = builder.shl(x, _constant(x, bits))
    return builder.or_(left, builder.lshr(x, _constant(x, 64 - bits)))


def _step(builder: Any, s: Any) -> tuple[Any, Any]:
    """Return the output and the next state of xoshiro256++ (Blackman and Vigna 2019)."""
    s0, s1, s2, s3 = s
    output = builder.add(_rotate(builder, builder.add(s0, s3), 23), s0)
    shifted = builder.shl(s1, _constant(s1, 17))
    s2 = builder.xor(s2, s0)
    s3 = builder.xor(s3, s1)
    s1 = builder.xor(s1, s2)
    s0 = builder.xor(s0, s3)
    return output, (s0, s1, builder.xor(s2, shifted), _rotate(builder, s3, 45))


def _join(builder: Any, parts: list[Any]) -> Any:
    while len(parts) > 1:
        width = 2 * parts[0].type.count
        order = ir.Constant(ir.VectorType(ir.IntType(32), width), list(range(width)))
        parts = [
            builder.shuffle_vector(a, b, order)
            for a, b in zip(parts[::2], parts[1::2], strict=True)
        ]
    return parts[0]


@intrinsic
def draw(typing: Any, state: Any, like: Any) -> Any:
    """Return random unsigned numbers of the type of `like`, and the stream's next state."""
    result = Vector(like)
    pair = types.Tuple((result, state))

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        words = cgutils.unpack_tuple(builder, args[0])
        narrow = ir.VectorType(ir.IntType(like.bitwidth), 64 * STREAMS // like.bitwidth)
        parts = []
        for _ in range(LANES // narrow.count):
            output, words = _step(builder, words)
            parts.append(builder.bitcast(output, narrow))
        after = context.make_tuple(builder, state, words)
        return context.make_tuple(builder, pair, (_join(builder, parts), after))

    return pair(state, like), generate
