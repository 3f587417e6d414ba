from server.member import Member
from server.pen import Pen
from server.submission import Writer
from tests.support.live import house


async def test_members_and_pens_are_writers() -> None:
    async with house() as here:
        guest = await here.guest(here.article(), here.ada)
        member: Member = guest.member
        writers: list[Writer] = [member, Pen("ada")]
        assert [writer.author for writer in writers] == ["ada", "ada"]
