using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using RnnLm.Classification;
using RnnLm.MLNet.Context;
using RnnLm.MLNet.DataViews;
using RnnLm.ModelFiles;
using RnnLm.Runtime;

namespace RnnLm.MLNet;

/// <summary>
/// The <see cref="IEstimator{TTransformer}"/> that trains a recurrent network to tell the label of a text from its characters. Kinds of it
/// differ in the labels that they take and the columns that their transformers add.
/// </summary>
/// <typeparam name="TTransformer">The transformer that it makes.</typeparam>
public abstract class RnnTextClassificationTrainerBase<TTransformer> : IEstimator<TTransformer>
    where TTransformer : RnnTextClassificationTransformerBase
{
    private readonly IHostEnvironment _environment;
    private readonly IHost _host;
    private readonly ModelOptions? _standard;
    private readonly InputColumn _text, _label;

    /// <param name="environment">Usually an <see cref="MLContext"/>.</param>
    /// <param name="name">The trainer's name in logs.</param>
    /// <param name="options">The options, which are checked.</param>
    /// <param name="standard">The network that the options ask for where the user has set nothing; null for that of
    /// <see cref="ModelOptions"/>.</param>
    /// <param name="text">Makes the column with the texts of options that are right.</param>
    /// <param name="label">Makes the column with the labels.</param>
    private protected RnnTextClassificationTrainerBase(IHostEnvironment environment, string name, TextClassifierOptions options,
        ModelOptions? standard, Func<InputColumn> text, Func<InputColumn> label)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (_environment, _host, _standard) = (environment, environment.Register(name), standard);
        (_text, _label) = (text(), label());
    }

    /// <summary>Trains a classifier; of each label a part of the rows is kept apart for validation
    /// (<see cref="TrainingOptions.ValidationFraction"/>).</summary>
    /// <param name="input">The training data, read once.</param>
    /// <returns>The transformer, to be disposed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="TextDataException">There is too little text, or fewer than two labels.</exception>
    /// <exception cref="TrainingDivergedException">Training diverged before there was anything to keep.</exception>
    /// <exception cref="DeviceUnavailableException">The device or the engine asked for is not there.</exception>
    /// <exception cref="MemoryLimitException">The training takes more memory than there is; the message says what brings it
    /// down.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before the first step, or the options say that a cancelled training
    /// throws.</exception>
    public TTransformer Fit(IDataView input) => Fit(input, validationData: null, languageModel: null);

    /// <summary>
    /// Trains a classifier further: all of its weights are kept, and its network, characters and labels. With
    /// <see cref="VocabularyOptions.Grow"/>, characters and labels that it does not know are added behind its own; else a row with such a
    /// label is an error. Labels go by their names, in the order of the classifier, whatever the order of the label column's key values.
    /// </summary>
    /// <param name="trainData">The training data, read once. Data of a single label are enough.</param>
    /// <param name="previous">The classifier to go on from, which stays as it is.</param>
    /// <returns>The transformer, to be disposed.</returns>
    /// <exception cref="OptionsException">Options ask for what the previous classifier is not; the message names each.</exception>
    /// <inheritdoc cref="Fit(IDataView)" path="/exception"/>
    public TTransformer Fit(IDataView trainData, TTransformer previous)
    {
        ArgumentNullException.ThrowIfNull(previous);
        return Fit(trainData, validationData: null, previous);
    }

    /// <summary>Trains a classifier and validates it on data of their own.</summary>
    /// <param name="trainData">The training data, read once.</param>
    /// <param name="validationData">The validation data, read once.</param>
    /// <returns>The transformer, to be disposed.</returns>
    /// <inheritdoc cref="Fit(IDataView)" path="/exception"/>
    public TTransformer Fit(IDataView trainData, IDataView validationData)
    {
        ArgumentNullException.ThrowIfNull(validationData);
        return Fit(trainData, validationData, languageModel: null);
    }

    /// <summary>Trains a classifier, with data of their own to validate it and a language model to start from as far as they are
    /// given.</summary>
    /// <param name="trainData">The training data, read once.</param>
    /// <param name="validationData">The validation data, read once; or <see langword="null"/> to keep a part of the training data
    /// apart.</param>
    /// <param name="languageModel">A model whose vocabulary, embedding and recurrent layers the classifier starts from; or
    /// <see langword="null"/>.</param>
    /// <returns>The transformer, to be disposed.</returns>
    /// <inheritdoc cref="Fit(IDataView)" path="/exception"/>
    [OverloadResolutionPriority(1)] // So that Fit(train, validation, null) means something: a new classifier, as by the other overload.
    public TTransformer Fit(IDataView trainData, IDataView? validationData, RnnLanguageModelTransformer? languageModel) =>
        Fit(trainData, validationData, languageModel, previous: null);

    /// <summary>Trains a classifier, with data of their own to validate it and a classifier to go on from as far as they are
    /// given.</summary>
    /// <param name="trainData">The training data, read once.</param>
    /// <param name="validationData">The validation data, read once; or <see langword="null"/> to keep a part of the training data
    /// apart.</param>
    /// <param name="previous">The classifier to go on from, which stays as it is; or <see langword="null"/> for a new one.</param>
    /// <returns>The transformer, to be disposed.</returns>
    /// <inheritdoc cref="Fit(IDataView, TTransformer)" path="/exception"/>
    public TTransformer Fit(IDataView trainData, IDataView? validationData, TTransformer? previous) =>
        Fit(trainData, validationData, languageModel: null, previous);

    private TTransformer Fit(
        IDataView trainData, IDataView? validationData, RnnLanguageModelTransformer? languageModel, TTransformer? previous)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        DataViewSchema.Column label = _label.Find(_host, trainData.Schema);
        IEnumerable<LabelledText> training = TextRowReader.ReadLabelled(_host, trainData, _text, _label);
        IEnumerable<LabelledText>? validation = validationData is null
            ? null
            : TextRowReader.ReadLabelled(_host, validationData, _text, _label);

        TextClassifierOptions options = CopyOptions();
        using var hosted = new HostedTraining(_host, _environment, options);
        if (previous is not null)
            CheckLabel(previous, label, options.Training.Log!);
        SavedModel saved = new TextClassifierTrainer(options, EngineSelector.Default, _standard, KnownLabels(label))
            .Train(training, validation, (previous as RnnTextTransformer ?? languageModel)?.Loaded.Saved);
        return Create(_environment, new LoadedModel(saved, options.Device, HostLog.For(_host)), label);
    }

    /// <summary>Returns the shape of the output for that of an input.</summary>
    /// <param name="inputSchema">The shape of the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _label.Check(_host, inputSchema);
        return ColumnShapes.Add(_host, inputSchema, [_text, _label], Added(inputSchema));
    }

    /// <summary>Makes the fault of a label column that has another type than one that is expected.</summary>
    private protected Exception MismatchOfLabel(string expectedType, string actualType) => _label.Mismatch(_host, expectedType, actualType);

    private protected abstract TextClassifierOptions CopyOptions();

    /// <summary>Returns the labels in their order; null where they are taken in the order of their coming.</summary>
    private protected abstract IReadOnlyList<string>? KnownLabels(DataViewSchema.Column label);

    /// <summary>Refuses a label column whose values are of another type than the labels of the previous classifier, and warns of one whose
    /// numbers stand for others.</summary>
    private protected abstract void CheckLabel(TTransformer previous, DataViewSchema.Column label, IProgress<LogMessage> log);

    /// <summary>Makes the transformer, which takes over one ownership of the model.</summary>
    private protected abstract TTransformer Create(IHostEnvironment environment, LoadedModel model, DataViewSchema.Column label);

    /// <summary>Returns the columns that the transformer will add to data of a shape.</summary>
    private protected abstract IEnumerable<DataViewSchema.DetachedColumn> Added(SchemaShape inputSchema);
}
