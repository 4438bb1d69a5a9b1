using RnnLm.ModelFiles;

namespace RnnLm.Tests;

public sealed class SchemaEntryTests
{
    [Fact]
    public void ItIsWhatMLNETWritesForOneColumnOfText()
    {
        // From a model that ML.NET 5.0.0 saved for a data view with the text column "Text".
        const string Start =
            "434D4C0044564200060001000100010006000100010001000001000000000000" + "210100000000000000000000000000000100000000000000";
        const string Columns = "045465787408546578745370616E00010100010000000000000000000000000000" + "00425644004C4D43";

        Assert.Equal(Start + new string('0', 2 * (0x100 - 0x38)) + Columns, Convert.ToHexString(SchemaEntry.ToBytes(["Text"])));
    }
}
