"""What `linli doctor` says: of each thing it looks at, how it is and what to do."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy

_Words = tuple[object, object, object]

# Code -> what is well, what is wrong, what to do then; %(name)s are the values that a finding carries.
_FINDINGS: Mapping[str, _Words] = {
    "debug": (
        gettext_lazy("Debugging is off"),
        gettext_lazy("Debugging is on"),
        gettext_lazy("unset LINLI_DEBUG: pages would show what is inside"),
    ),
    "secret_key": (
        gettext_lazy("The secret key is long and random"),
        gettext_lazy("The secret key is short or not random"),
        gettext_lazy("unset LINLI_SECRET_KEY, so that one is made, or set one of %(least)s random characters"),
    ),
    "any_host": (
        gettext_lazy("It answers only to names that are written down"),
        gettext_lazy("It answers to any name"),
        gettext_lazy("write each name into LINLI_ALLOWED_HOSTS, without * and without a leading dot"),
    ),
    "no_host": (
        gettext_lazy("It answers to %(names)s"),
        gettext_lazy("It answers only to this machine's own names"),
        gettext_lazy("write the name that people type into LINLI_ALLOWED_HOSTS"),
    ),
    "cookies": (
        gettext_lazy("Cookies go as they should"),
        gettext_lazy("Cookies go without TLS, as in a demo"),
        gettext_lazy("take the demo away or another data folder (LINLI_DATA)"),
    ),
    "proxy": (
        gettext_lazy("TLS is recognised where it is needed"),
        gettext_lazy("No proxy with TLS is named, so nobody can sign in"),
        gettext_lazy("put one before it (docs/operations) and write its address into LINLI_TRUSTED_PROXIES"),
    ),
    "bind": (
        gettext_lazy("It listens on %(bind)s"),
        gettext_lazy("It listens on %(bind)s without a proxy before it"),
        gettext_lazy("let LINLI_BIND be 127.0.0.1, or name the proxy in LINLI_TRUSTED_PROXIES"),
    ),
    "demo_folder": (
        gettext_lazy("The data folder fits its use"),
        gettext_lazy("The data folder is a demo's"),
        gettext_lazy("begin with an empty one (LINLI_DATA); %(path)s marks it"),
    ),
    "data_folder": (
        gettext_lazy("The data folder %(path)s can be written"),
        gettext_lazy("The data folder %(path)s can't be written"),
        gettext_lazy("give it to the account that Linli runs as"),
    ),
    "keys_lost": (
        gettext_lazy("The keys of all personal data are there"),
        gettext_lazy("The keys of %(values)s values of personal data are not there"),
        gettext_lazy("put the keys folder back from a backup: linli keys list"),
    ),
    "keys_old": (
        gettext_lazy("All personal data are under the newest key"),
        gettext_lazy("%(values)s values of personal data are under an older key"),
        gettext_lazy("go on with the change of keys: linli keys rotate"),
    ),
    "mode": (
        gettext_lazy("%(path)s opens to its owner alone"),
        gettext_lazy("Others may read %(path)s (mode %(mode)s)"),
        gettext_lazy("chmod %(wanted)s %(path)s"),
    ),
    "disk": (
        gettext_lazy("%(free_mb)s MB are free at %(path)s, %(share)s %%"),
        gettext_lazy("Only %(free_mb)s MB are free at %(path)s, %(share)s %%"),
        gettext_lazy("make room: the database stops when the disk is full"),
    ),
    "clock": (
        gettext_lazy("Clock and database's clock agree"),
        gettext_lazy("The clock differs from the database's by %(seconds)s s"),
        gettext_lazy("set both by NTP: deadlines and seals go by them"),
    ),
    "clock_set_back": (
        gettext_lazy("The clock was not set back"),
        gettext_lazy("The last seal is of %(latest)s, which is to come"),
        gettext_lazy("set the clock right before anything is written"),
    ),
    "photos": (
        gettext_lazy("Photos are looked at for numbers of people, or this is a trial"),
        gettext_lazy("Photos are not looked at for numbers of people"),
        gettext_lazy("make photos; till then none has a copy that can be passed on"),
    ),
    "no_backup": (
        gettext_lazy("No backup yet, as in any trial"),
        gettext_lazy("No backup was ever made"),
        gettext_lazy("linli backup FOLDER, each night (docs/operations/backup.md)"),
    ),
    "backup_age": (
        gettext_lazy("The last backup is %(hours)s hours old"),
        gettext_lazy("The last backup is %(hours)s hours old"),
        gettext_lazy("look why the nightly one did not run"),
    ),
    "database": (gettext_lazy("The database %(name)s answers"), "", ""),
    "database_unreachable": ("", gettext_lazy("The database does not answer"), "%(said)s"),
    "database_version": ("", gettext_lazy("The database is too old"), "%(said)s"),
    "database_encoding": ("", gettext_lazy("The database has another encoding than UTF-8"), "%(said)s"),
    "database_character-type": ("", gettext_lazy("The database does not know Chinese letters"), "%(said)s"),
    "database_programs": ("", gettext_lazy("PostgreSQL's programs are missing"), "%(said)s"),
    "database_silent": (
        "",
        gettext_lazy("The embedded database in %(path)s runs but does not answer"),
        gettext_lazy("linli stop, then start again"),
    ),
    "database_stopped": (
        gettext_lazy("The embedded database in %(path)s is not running; what is in it was not looked at"),
        "",
        "",
    ),
    "migrations": (
        gettext_lazy("The tables are up to date"),
        gettext_lazy("%(missing)s migrations are not applied"),
        gettext_lazy("linli backup, then linli migrate"),
    ),
    "newer_tables": (
        gettext_lazy("The tables are of this version"),
        gettext_lazy("The tables are of a newer version (%(unknown)s)"),
        gettext_lazy("install that version of Linli"),
    ),
    "append_only": (
        gettext_lazy("The application can't change facts, seals and audit lines"),
        gettext_lazy("The application's role could change %(tables)s"),
        gettext_lazy("let DATABASE_URL and DATABASE_OWNER_URL name two roles, then linli migrate"),
    ),
    "worker": (
        gettext_lazy("The worker keeps up in district %(district)s"),
        gettext_lazy("Messages or facts of district %(district)s have waited %(minutes)s minutes"),
        gettext_lazy("see whether linli worker runs, and what it logs"),
    ),
    "demo_accounts": (
        gettext_lazy("No demo account where none belongs"),
        gettext_lazy("%(count)s demo accounts can sign in"),
        gettext_lazy("begin with an empty database: demo and real data don't go together"),
    ),
    "second_factor": (
        gettext_lazy("%(count)s administrators have no second factor yet"),
        gettext_lazy("Administrators sign in by a password alone, as in a demo"),
        gettext_lazy("take the demo away or another data folder (LINLI_DATA): elsewhere it is always asked for"),
    ),
    "shared_passwords": (
        gettext_lazy("No two accounts share a password"),
        gettext_lazy("%(count)s accounts share a password with another"),
        gettext_lazy("have them changed"),
    ),
    "default_passwords": (
        gettext_lazy("No administrator has a well-known password"),
        gettext_lazy("A well-known password opens %(usernames)s"),
        gettext_lazy("change it now, and read the audit log"),
    ),
    "no_accounts": (
        gettext_lazy("Somebody can sign in"),
        gettext_lazy("Nobody can sign in"),
        gettext_lazy("make the three administrators' accounts"),
    ),
}
CODES = frozenset(_FINDINGS)


def say_finding(code: str, *, is_well: bool, params: Mapping[str, str | int]) -> tuple[str, str]:
    """Say how it is, and what to do; the second is "" where all is well."""
    well, wrong, advice = _FINDINGS[code]
    return (str(well) % params, "") if is_well else (str(wrong) % params, str(advice) % params)
