"""Staff's pages: workbench, case, cockpit, map, registers, rulebooks, calendar."""
