"""A file made for one press of a button is there until its browser has fetched it, whatever runs end meanwhile."""

import pytest
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.media_file_storage import MediaFileKind, MediaFileStorageError

from dashboard.web.downloads import KEPT, Lasting


def test_it_is_there_though_others_look_at_their_pages_meanwhile(alice, signed_in):
    bob = signed_in("bob@example.org")
    with alice.tab() as hers, bob.tab() as his:
        address = hers.run().made()
        for _ in range(4):
            his.run()
        answer = alice.get(address)
    assert (answer.status_code, answer.content) == (200, b"made of names")


@pytest.fixture
def storage(clock) -> Lasting:
    return Lasting("/media", clock=clock)


def pressed(storage: Lasting) -> tuple[MediaFileManager, str]:
    """A download made for a press, and its name in the storage."""
    files = MediaFileManager(storage)
    return files, files.execute_deferred(
        files.add_deferred(lambda: b"rows", "text/csv", "1.0", "rows.csv")
    ).rpartition("/")[2]


def test_a_minute_after_it_was_let_go_it_is_gone(storage, clock):
    files, name = pressed(storage)
    files.remove_orphaned_files()
    files.remove_orphaned_files()
    clock.passes(KEPT - 1)
    assert storage.get_file(name).content == b"rows"
    clock.passes(1)
    with pytest.raises(MediaFileStorageError):
        storage.get_file(name)


def test_one_that_is_made_again_stays(storage, clock):
    files, name = pressed(storage)
    files.remove_orphaned_files()
    files.remove_orphaned_files()
    storage.load_and_get_id(b"rows", "text/csv", MediaFileKind.DOWNLOADABLE, "rows.csv")
    clock.passes(KEPT + 1)
    assert storage.get_file(name).content == b"rows"


def test_a_picture_of_a_page_goes_at_once(storage):
    name = storage.load_and_get_id(b"dots", "image/png", MediaFileKind.MEDIA)
    storage.delete_file(name)
    storage.delete_file(name)
    with pytest.raises(MediaFileStorageError):
        storage.get_file(name)
