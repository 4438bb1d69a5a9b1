using RnnLm.Anomalies;
using RnnLm.MLNet.DataViews;
using RnnLm.Runtime;

namespace RnnLm.MLNet.Transformers;

/// <summary>Calibrates a model on rows of a data view.</summary>
internal static class ModelCalibration
{
    /// <exception cref="TextDataException">There are too few rows for the rate; or a row does not fit the model.</exception>
    public static CalibrationData Calibrate(LoadedModel model, MarkedRows rows, AnomalyOptions options, CancellationToken cancellationToken)
    {
        using var core = new RnnLanguageModel(model.Share());
        return core.Calibrate(rows.Good, options, rows.Bad.Count == 0 ? null : rows.Bad, cancellationToken).Data;
    }
}
