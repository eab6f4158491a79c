"""A GPU without numbers of 64 bits, as Apple's, played by the CPU."""

import torch


class OnMPS(torch.Tensor):
    """A tensor that is there, as is all that is computed with it, until ``cpu`` brings it here."""

    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        found = super().__torch_function__(function, types, args, kwargs or {})
        if function is torch.Tensor.cpu:
            return found.as_subclass(torch.Tensor)
        if isinstance(found, cls) and found.dtype == torch.float64:
            raise TypeError("MPS has no numbers of 64 bits")  # as torch says there
        return found
