using RnnLm.ModelFiles;
using RnnLm.Onnx.Messages;
using DataType = RnnLm.Onnx.Messages.TensorProto.Types.DataType;

namespace RnnLm.Onnx.Graphs;

/// <summary>Adds the condition of each text as an input of a graph.</summary>
internal static class ConditionInput
{
    /// <summary>Adds the input, if the model has conditions.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="model">The model.</param>
    /// <param name="areStrings">Whether conditions come by their names, or by their numbers.</param>
    /// <returns>The row of the table of starting states: 0 for none, else the condition's number from 1. // [N]</returns>
    public static Value? Add(GraphBuilder graph, SavedModel model, bool areStrings)
    {
        if (model.Config.Conditions == 0)
            return null;
        if (!areStrings)
        {
            Value number = graph.Input("condition", DataType.Int64, "The number of each text's condition, or -1 for none.", "N", 1);
            return graph.Node("Add", [graph.Squeeze(number, 1), graph.Long(1)]);
        }

        Value name = graph.Input("condition", DataType.String, "The condition of each text, or an empty string for none.", "N", 1);
        var rows = new Dictionary<string, long>(StringComparer.Ordinal) { [""] = 0 };
        for (int i = 0; i < model.Conditions.Count; i++)
            rows[model.Conditions[i]] = i + 1;
        var values = new AttributeProto { Name = "values_int64s", Type = AttributeProto.Types.AttributeType.Ints, Ints = { rows.Values } };
        // Behind the table: for a condition that the model does not know, there is no result.
        Value row = graph.Node("LabelEncoder", "ai.onnx.ml", [name], NodeAttribute.Of("keys_strings", rows.Keys), values,
            NodeAttribute.Of("default_int64", model.Config.Conditions + 1L));
        return graph.Squeeze(row, 1);
    }
}
