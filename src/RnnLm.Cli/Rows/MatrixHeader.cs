using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace RnnLm.Cli.Rows;

/// <summary>What stands before the numbers of a matrix, in NumPy's format (version 1.0) or as safetensors. It takes the same room for any
/// number of rows, which is known at the end.</summary>
internal static class MatrixHeader
{
    // Both formats ask that the numbers begin at a multiple: of 64 bytes, and of 8.
    private const int NpyLength = 128, SafetensorsLength = 256;

    /// <summary>Gets the number of bytes of the header; 0 where the format has none.</summary>
    public static int LengthOf(OutputFormat format) =>
        format switch { OutputFormat.Npy => NpyLength, OutputFormat.Safetensors => SafetensorsLength, _ => 0 };

    /// <summary>Returns the header.</summary>
    /// <param name="format">The format.</param>
    /// <param name="name">The name of the tensor, where the format names it.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns.</param>
    public static byte[] Make(OutputFormat format, string name, long rows, int columns) =>
        format == OutputFormat.Npy ? Npy(rows, columns) : Safetensors(name, rows, columns);

    private static byte[] Npy(long rows, int columns)
    {
        const int Prefix = 10;
        byte[] header = new byte[NpyLength];
        header.AsSpan().Fill((byte)' ');
        header[0] = 0x93;
        "NUMPY"u8.CopyTo(header.AsSpan(1));
        (header[6], header[7]) = (1, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), NpyLength - Prefix);
        string shape = string.Create(CultureInfo.InvariantCulture,
            $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {columns}), }}");
        Encoding.ASCII.GetBytes(shape, header.AsSpan(Prefix));
        header[^1] = (byte)'\n';
        return header;
    }

    private static byte[] Safetensors(string name, long rows, int columns)
    {
        byte[] header = new byte[SafetensorsLength];
        header.AsSpan().Fill((byte)' ');
        BinaryPrimitives.WriteInt64LittleEndian(header, SafetensorsLength - sizeof(long));
        string json = string.Create(CultureInfo.InvariantCulture, $"{{\"{name}\":{{\"dtype\":\"F32\",\"shape\":[{rows},{columns}],")
            + string.Create(CultureInfo.InvariantCulture, $"\"data_offsets\":[0,{rows * columns * sizeof(float)}]}}}}");
        Encoding.ASCII.GetBytes(json, header.AsSpan(sizeof(long)));
        return header;
    }
}
