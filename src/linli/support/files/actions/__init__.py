"""Taking files in, attaching them, letting them go."""

from linli.support.files.actions.attaching import attach_files
from linli.support.files.actions.looking import can_look, look_at_files
from linli.support.files.actions.removing import remove_files, remove_orphans, remove_strays
from linli.support.files.actions.storing import store_file

__all__ = ["attach_files", "can_look", "look_at_files", "remove_files", "remove_orphans", "remove_strays", "store_file"]
