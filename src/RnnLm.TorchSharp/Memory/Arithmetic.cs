using static TorchSharp.torch;

namespace RnnLm.TorchSharp.Memory;

/// <summary>
/// Tensors with numbers. TorchSharp turns a number into a <see cref="Scalar"/> of libtorch and hands on no more than its address, so that
/// the garbage collector may free it while libtorch reads it, which then computes with whatever stands there. Here each lives until its
/// call has ended. A test holds that no call of TorchSharp is used that makes a scalar itself.
/// </summary>
internal static class Arithmetic
{
    /// <summary>Returns the whole numbers from 0, as many as are asked for. // [count], 64-bit integers</summary>
    public static Tensor Numbers(long count, Device? device = null)
    {
        using Scalar start = 0L.ToScalar(), stop = count.ToScalar(), step = 1L.ToScalar();
        return arange(start, stop, step, ScalarType.Int64, device ?? CPU);
    }

    public static Tensor Plus(this Tensor tensor, double value)
    {
        using Scalar scalar = value.ToScalar(), one = 1L.ToScalar();
        return tensor.add(scalar, one);
    }

    public static Tensor Times(this Tensor tensor, double factor)
    {
        using Scalar scalar = factor.ToScalar();
        return tensor.mul(scalar);
    }

    public static Tensor Over(this Tensor tensor, double divisor)
    {
        using Scalar scalar = divisor.ToScalar();
        return tensor / scalar;
    }

    public static Tensor AtLeast(this Tensor tensor, long least)
    {
        using Scalar scalar = least.ToScalar();
        return tensor.clamp(scalar);
    }

    /// <summary>Says of each element whether it is at least a number.</summary>
    public static Tensor IsAtLeast(this Tensor tensor, long least)
    {
        using Scalar scalar = least.ToScalar();
        return tensor.ge(scalar);
    }

    /// <summary>Returns the tensor with a number where the mask is set.</summary>
    public static Tensor With(this Tensor tensor, double value, Tensor mask)
    {
        using Scalar scalar = value.ToScalar();
        return tensor.masked_fill(mask, scalar);
    }

    /// <summary>Sets all elements, in place.</summary>
    public static Tensor Fill(this Tensor tensor, double value)
    {
        using Scalar scalar = value.ToScalar();
        return tensor.fill_(scalar);
    }

    /// <summary>Multiplies in place.</summary>
    public static Tensor MultiplyBy(this Tensor tensor, double factor)
    {
        using Scalar scalar = factor.ToScalar();
        return tensor.mul_(scalar);
    }

    /// <summary>Multiplies whole numbers in place.</summary>
    public static Tensor MultiplyBy(this Tensor tensor, long factor)
    {
        using Scalar scalar = factor.ToScalar();
        return tensor.mul_(scalar);
    }

    /// <summary>Divides in place.</summary>
    public static Tensor DivideBy(this Tensor tensor, double divisor)
    {
        using Scalar scalar = divisor.ToScalar();
        return tensor.div_(scalar);
    }

    /// <summary>Adds a number in place.</summary>
    public static Tensor Increase(this Tensor tensor, double value)
    {
        using Scalar scalar = value.ToScalar(), one = 1L.ToScalar();
        return tensor.add_(scalar, one);
    }

    /// <summary>Adds a whole number in place.</summary>
    public static Tensor Increase(this Tensor tensor, long value)
    {
        using Scalar scalar = value.ToScalar(), one = 1L.ToScalar();
        return tensor.add_(scalar, one);
    }

    /// <summary>Adds factor · other in place.</summary>
    public static Tensor Add(this Tensor tensor, Tensor other, double factor = 1)
    {
        using Scalar scalar = factor.ToScalar();
        return tensor.add_(other, scalar);
    }

    /// <summary>Adds factor · left · right in place.</summary>
    public static Tensor AddProduct(this Tensor tensor, Tensor left, Tensor right, double factor)
    {
        using Scalar scalar = factor.ToScalar();
        return tensor.addcmul_(left, right, scalar);
    }

    /// <summary>Adds factor · left / right in place.</summary>
    public static Tensor AddQuotient(this Tensor tensor, Tensor left, Tensor right, double factor = 1)
    {
        using Scalar scalar = factor.ToScalar();
        return tensor.addcdiv_(left, right, scalar);
    }

    /// <summary>Brings each element between two numbers, in place.</summary>
    public static Tensor Limit(this Tensor tensor, double least, double most)
    {
        using Scalar lower = least.ToScalar(), upper = most.ToScalar();
        return tensor.clamp_(lower, upper);
    }
}
