"""What a control is set to, as a trait of its explorer."""

import traitlets

from lsqcore.explore.controls import Control, Playhead


class Setting(traitlets.TraitType):
    """The nearest value that the control can have; of a playhead, within the rows of the film."""

    def __init__(self, control: Control) -> None:
        super().__init__(control.first)
        self.control = control

    def validate(self, explorer: traitlets.HasTraits, value: object) -> object:
        """What the trait is set to when a value comes."""
        try:
            found = self.control.nearest(value)
        except (ValueError, TypeError) as error:
            raise ValueError(f"{self.name}: {error}") from None
        if isinstance(self.control, Playhead):
            return self.control.values[min(self.control.position(found), explorer.rows - 1)]
        return found
