namespace RnnLm;

/// <summary>The rule by which gradients change weights; each as PyTorch's <c>torch.optim</c> class of that name.</summary>
public enum OptimizerKind
{
    /// <summary>Stochastic gradient descent, with momentum where asked for.</summary>
    Sgd,

    /// <summary>Adagrad (Duchi et al., 2011).</summary>
    Adagrad,

    /// <summary>RMSprop (Hinton, 2012).</summary>
    RmsProp,

    /// <summary>Adam (Kingma and Ba, 2015); weight decay is added to the gradient.</summary>
    Adam,

    /// <summary>AdamW (Loshchilov and Hutter, 2019); weight decay shrinks the weights directly.</summary>
    AdamW,
}
