"""What the vault holds. Times are seconds since 1970; `owner` is a person's id, `''` where it is nobody's."""

import apsw

from services.errors import ServiceError

# One entry per version; a released one is never edited.
MIGRATIONS = [
    """
    create table web_sessions (
        id_hash text primary key, person_id text not null, email text, access_token text, access_expires real,
        refresh_token text, csrf text, created real not null, seen real not null, ended real
    ) strict;
    create index web_sessions_of_person on web_sessions (person_id, created);

    create table drafts (
        owner text not null, form text not null, key text not null, content text not null, changed real not null,
        primary key (owner, form, key)
    ) strict, without rowid;

    -- `id` is the order of acceptance, `seq` the order within an entity, `depends` other entities to wait for.
    create table operations (
        id integer primary key, owner text not null, op_id text not null, kind text not null, entity text not null,
        seq integer not null, depends text not null default '[]', params text not null, digest text not null,
        stated_at text not null, state text not null default 'saved', attempts integer not null default 0,
        code text, reason text, replaces text, accepted real not null, synced real,
        check (state in ('saved', 'sending', 'synced', 'parked', 'discarded', 'replaced')),
        unique (op_id, owner)
    ) strict;
    create unique index operations_in_order on operations (owner, entity, seq) where state <> 'replaced';
    -- The queries repeat these conditions word for word, or SQLite does not see that the index fits.
    create index operations_open on operations (owner, entity, id) where state in ('saved', 'sending', 'parked');
    create index operations_recent on operations (owner, accepted) where state not in ('discarded', 'replaced');

    -- `behind` is what has to be synced first: earlier and open, on the same entity or on one that is depended on.
    create view entries as select o.*, case when o.state in ('saved', 'sending') then (
        select min(before.id) from (
            select e.id from operations e indexed by operations_open
                where e.owner = o.owner and e.entity = o.entity and e.id < o.id and e.state in ('saved', 'sending', 'parked')
            union all
            select e.id from json_each(o.depends) d cross join operations e indexed by operations_open
                where e.owner = o.owner and e.entity = d.value and e.id < o.id and e.state in ('saved', 'sending', 'parked')
        ) before
    ) end as behind from operations o;

    -- How the way to the database stands: owner '' for all, a person's own where only their lane waits.
    create table lanes (owner text primary key, reached real, trouble text, since real) strict, without rowid;
    """,
    # A session that has become a shared screen: of which team and meeting, under what name it is logged, and until when.
    """
    alter table web_sessions add column projects text;
    alter table web_sessions add column projects_meeting text;
    alter table web_sessions add column projects_screen text;
    alter table web_sessions add column projects_until real;
    """,
]


def migrate(connection: apsw.Connection) -> None:
    """Bring the vault to this version, inside the caller's transaction."""
    version = connection.pragma("user_version")
    if version > len(MIGRATIONS):
        raise ServiceError(
            "This vault was written by a newer Sixfold. Start that version, or name another vault with SIXFOLD_VAULT."
        )
    for statements in MIGRATIONS[version:]:
        connection.execute(statements)
    connection.pragma("user_version", len(MIGRATIONS))
