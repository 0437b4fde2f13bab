"""Tools of developers: releases, and new platforms and commands. It isn't in the wheel."""
