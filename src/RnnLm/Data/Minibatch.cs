using RnnLm.Modeling;

namespace RnnLm.Data;

/// <summary>
/// What an engine trains or evaluates on in one step: T positions of B sequences. Arrays are time-major: element (t, b) stands at t · B +
/// b. The arrays belong to the maker of the batch, who may fill them anew after the engine's call returns.
/// </summary>
internal sealed class Minibatch
{
    /// <summary>The target that is not counted: padding, and the prompt's part of a pair.</summary>
    public const int Ignore = -1;

    /// <summary>Gets the number of positions, T.</summary>
    public required int Length { get; init; }

    /// <summary>Gets the number of sequences, B.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Gets the token ids to read. // [T, B]</summary>
    public required int[] Inputs { get; init; }

    /// <summary>Gets the token ids to predict, or <see cref="Ignore"/>. Empty for a classifier. // [T, B]</summary>
    public required int[] Targets { get; init; }

    /// <summary>Gets the number of positions of each sequence, longest first, or <see langword="null"/> where all have T. Past its length a
    /// sequence's state stands still. // [B]</summary>
    public int[]? Lengths { get; init; }

    /// <summary>Gets whether the state goes on from the end of the batch before (of the same B); else it starts anew.</summary>
    public bool CarryState { get; init; }

    /// <summary>Gets the hidden state to start from in every layer where the state starts anew, or <see langword="null"/> for the model's
    /// own (zeros, learned, or by condition). // [L, B, H]</summary>
    public float[]? InitialHidden { get; set; }

    /// <summary>Gets the condition of each sequence, for a model that has <see cref="ModelConfig.Conditions"/>; -1 for none, which starts
    /// from the model's own initial state. // [B]</summary>
    public int[]? Conditions { get; init; }

    /// <summary>
    /// Gets where the model reads its own most likely prediction of the position before in place of the input (teacher forcing left off),
    /// or <see langword="null"/> for nowhere. Position 0 always reads the input. No gradient flows through the choice. It stands here, and
    /// not among the options of a session, because it is drawn for each step by the seed and the step's number, as the batch itself is, so
    /// that both engines run free at the same positions. // [T, B]
    /// </summary>
    public bool[]? FreeRunning { get; set; }

    /// <summary>Gets or sets the token whose losses are summed apart in an evaluation, that of unknown characters; or
    /// <see langword="null"/>.</summary>
    public int? UnknownId { get; set; }

    /// <summary>Gets the class of each text, for a classifier. // [B]</summary>
    public int[]? Labels { get; init; }

    /// <summary>Returns one of the sequences as a minibatch of its own, without its padding.</summary>
    /// <param name="sequence">Which one.</param>
    /// <param name="layers">The number of hidden vectors that a sequence starts from: layers times directions.</param>
    internal Minibatch Sequence(int sequence, int layers)
    {
        int length = Lengths?[sequence] ?? Length, hidden = InitialHidden is null ? 0 : InitialHidden.Length / (layers * BatchSize);
        return new()
        {
            Length = length,
            BatchSize = 1,
            Inputs = Positions(Inputs),
            Targets = Targets.Length == 0 ? [] : Positions(Targets),
            Conditions = Conditions is null ? null : [Conditions[sequence]],
            Labels = Labels is null ? null : [Labels[sequence]],
            FreeRunning = FreeRunning is null ? null : Positions(FreeRunning),
            InitialHidden = InitialHidden is null ? null : HiddenOf(InitialHidden),
        };

        T[] Positions<T>(T[] all)   // [T]
        {
            var own = new T[length];
            for (int t = 0; t < length; t++)
                own[t] = all[(t * BatchSize) + sequence];
            return own;
        }

        float[] HiddenOf(float[] all)   // [L, H]
        {
            var own = new float[layers * hidden];
            for (int layer = 0; layer < layers; layer++)
                all.AsSpan(((layer * BatchSize) + sequence) * hidden, hidden).CopyTo(own.AsSpan(layer * hidden));
            return own;
        }
    }

    /// <summary>Returns the number of targets that count: characters, or texts of a classifier.</summary>
    internal int CountTargets() => Labels is not null ? BatchSize : Targets.Length - Targets.AsSpan().Count(Ignore);
}
