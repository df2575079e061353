"""How the weights of the trained scorer are made: read labelled texts, fit, calibrate, write the model card."""
