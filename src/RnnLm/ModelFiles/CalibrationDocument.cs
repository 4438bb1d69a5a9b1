using System.Buffers.Binary;
using RnnLm.Anomalies;

namespace RnnLm.ModelFiles;

/// <summary>A <see cref="CalibrationData"/> in JSON.</summary>
internal sealed record CalibrationDocument
{
    private const int RowLength = 16;

    public required double FalsePositiveRate { get; init; }

    public required double Threshold { get; init; }

    public bool TwoSided { get; init; }

    /// <summary>Gets the rows one after the other, each as four numbers of four bytes, the lowest first: length and condition as integers,
    /// mean and peak as floating-point numbers.</summary>
    public required byte[] Rows { get; init; }

    public static CalibrationDocument Of(CalibrationData data)
    {
        byte[] rows = new byte[data.Rows.Count * RowLength];
        for (int i = 0; i < data.Rows.Count; i++)
        {
            Span<byte> row = rows.AsSpan(i * RowLength);
            BinaryPrimitives.WriteInt32LittleEndian(row, data.Rows[i].Length);
            BinaryPrimitives.WriteInt32LittleEndian(row[4..], data.Rows[i].Condition);
            BinaryPrimitives.WriteSingleLittleEndian(row[8..], data.Rows[i].Mean);
            BinaryPrimitives.WriteSingleLittleEndian(row[12..], data.Rows[i].Peak);
        }

        return new() { FalsePositiveRate = data.FalsePositiveRate, Threshold = data.Threshold, TwoSided = data.TwoSided, Rows = rows };
    }

    /// <summary>Reads what comes from a file.</summary>
    /// <param name="conditions">The number of conditions that the model has.</param>
    /// <exception cref="FormatException">It is not what a calibration can be.</exception>
    public CalibrationData Read(int conditions)
    {
        var rows = new RowSurprise[Rows.Length / RowLength];
        bool isRight = Rows.Length % RowLength == 0 && rows.Length is > 0 and <= CalibrationData.MaxRows
            && FalsePositiveRate is > 0 and < 1 && Threshold is > 0 and <= 1;
        for (int i = 0; i < rows.Length; i++)
        {
            ReadOnlySpan<byte> row = Rows.AsSpan(i * RowLength);
            rows[i] = new(BinaryPrimitives.ReadInt32LittleEndian(row), BinaryPrimitives.ReadSingleLittleEndian(row[8..]),
                BinaryPrimitives.ReadSingleLittleEndian(row[12..]), BinaryPrimitives.ReadInt32LittleEndian(row[4..]));
            isRight &= rows[i].Length is > 0 and < int.MaxValue && float.IsFinite(rows[i].Mean) && float.IsFinite(rows[i].Peak)
                && rows[i].Condition >= -1 && rows[i].Condition < conditions;
        }

        return isRight ? new() { Rows = rows, FalsePositiveRate = FalsePositiveRate, Threshold = Threshold, TwoSided = TwoSided }
            : throw new FormatException($"the calibration in {SavedModel.ConfigName} is damaged.");
    }
}
