"""A trained network as it runs where nothing is learned any more: in a quantised or exported form.

`network.Network` is what every writer of `export` and `quantization` reads: a list of steps with
their shapes and weights, fused and folded. `network.of_model` makes it, `forward.outputs` runs it.
"""
