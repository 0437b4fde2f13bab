"""What every platform adapter must do, written once. A new platform is one more file beside these.

Such a file offers ``place_at(folder, app)``, an async context manager that starts the adapter with a
ScriptedApp and yields a place:

- ``adapter``, ``channel`` (a ChannelRef that the bot can post to) and ``unknown`` (one that it cannot);
- ``person(name, organiser=False)``: somebody who ``uses("/quiz", topic="http")``, ``presses`` a label,
  ``chooses`` an entry, ``sends`` the open form, ``types`` into an option (it returns the values offered;
  left out where nothing can be offered there), and has ``user`` (a UserRef), ``sees()`` (the words of
  each message in the channel, oldest first), ``inbox()`` (the same of their own conversation with the
  bot), ``form()`` (the words of the open form, empty for none) and ``can_press(label)``;
- ``now()``, and ``passes(seconds)`` where the platform's time can be moved;
- ``refuse(kind)``: make the next post fail in this kind of DeliveryError; False where that cannot be;
- ``audience()`` and ``holds(audience, person)`` where the platform has audiences.

The file is named in ``conftest.py``.
"""
