"""The world of a run: one store, some processes, some people; nothing happens of itself."""

from persistence.store import MemoryStore
from server.bus import Hub, LocalBus
from tests.simulation.chance import Chance
from tests.simulation.client import Client
from tests.simulation.faultybus import FaultyBus
from tests.simulation.link import Link
from tests.simulation.loop import VirtualLoop
from tests.simulation.person import Person
from tests.simulation.plan import Plan
from tests.simulation.process import Process
from tests.simulation.storage import Disk, Way
from tests.simulation.trace import Trace
from tests.simulation.witness import Witness
from tests.support import stores, wire
from tests.support.ledger import Ledger
from tests.support.live import SETTINGS

BACK = 0.3  # mean seconds until a process is started again


class World:
    """Everything of one run; to be made inside its loop."""

    def __init__(self, plan: Plan, loop: VirtualLoop, trace: Trace) -> None:
        self.plan = plan
        self.trace = trace
        self.witness = Witness()
        self.store = MemoryStore()
        self.article = stores.begun(self.store, author="author0")
        self.disk = Disk(self.store, self.witness, trace, plan.troubles, plan.commit)
        self.processes: list[Process] = []
        self.ended: list[Process] = []
        self.links: dict[Link, None] = {}
        self._loop = loop
        self._settings = SETTINGS.model_copy(update=plan.settings)
        self._hub = Hub()
        self._started = 0
        self.gone: list[Client] = []
        self._reloads = self.chance("reloads")
        self._back = self.chance("back")
        self._network: dict[str, Chance] = {}
        self._know_authors()
        for place in range(plan.processes):
            self.start(place)
        self.people = [self._person(number) for number in range(len(plan.authors))]

    def chance(self, name: str) -> Chance:
        """Give the stream of whoever has this name."""
        return Chance(self.plan.seed, name)

    # People

    def _know_authors(self) -> None:
        names = {f"author{number}" for number in self.plan.authors} | {"author0"}
        stores.known(self.store, *sorted(names - {"author0"}))
        self._authors = self.store.authors.many(names)

    def _person(self, number: int) -> Person:
        name, author = f"client{number}", f"author{self.plan.authors[number]}"
        self._network[name] = self.chance(f"network of {name}")
        chance = self.chance(name)
        client = self._client(name, author, chance)
        # An attribution takes some bytes more or less, as yrs likes: that must not decide who lags.
        wants = chance.happens(0.5) and not self.plan.slow_readers
        client.ledger = Ledger() if wants else None
        client.go_online()
        return Person(client, chance, self.witness, self.trace)

    def _client(self, name: str, author: str, chance: Chance) -> Client:
        number = chance.randrange(1, 2**32)
        self.witness.author_of_client[number] = author
        return Client(name, author, number, self.dial, self.trace)

    def reload(self, person: Person) -> None:
        """Have a person open the page anew; what was in it may have been kept by the browser."""
        old = person.client
        old.close()
        self.gone.append(old)
        person.client = self._client(old.name, old.author, self._reloads)
        if self._reloads.happens(0.5):
            person.client.restore(old.doc.get_update())
        if old.ledger is not None:
            person.client.ledger = Ledger()
        person.client.go_online()

    @property
    def clients(self) -> list[Client]:
        """Everybody's replica that is there now."""
        return [person.client for person in self.people]

    # Processes

    def start(self, place: int) -> None:
        """Start a process at a place where there is none."""
        name = f"process{self._started}"
        way, bus = Way(self.disk, self.chance(name)), self._bus(f"bus of {name}")
        process = Process(self._started, way, bus, self._settings, self.article)
        self._started += 1
        self.processes[place : place + 1] = [process]
        self.trace.note(name, "starts")

    def _bus(self, name: str) -> FaultyBus:
        """Make an endpoint."""
        bus = self._hub.endpoint() if self.plan.processes > 1 else LocalBus()
        return FaultyBus(bus, self.disk, self.chance(name), self.plan.latency)

    def end(self, place: int, *, kindly: bool) -> None:
        """Have a process stop, or kill it, and start another one soon."""
        process = self.processes[place]
        if process in self.ended:
            return
        self.ended.append(process)
        if kindly:
            process.stop()
        else:
            process.kill()
        self._loop.call_later(self._back.lasts(BACK), self.start, place)

    async def close(self) -> None:
        """Let everything come to its end."""
        for client in self.clients:
            client.close()
        for process in self.processes:
            if process not in self.ended:
                self.ended.append(process)
                process.stop()
        for process in self.ended:
            await process.over()

    # Connections

    def dial(self, client: Client) -> Link:
        """Connect a client to some process, as a proxy does that knows nothing."""
        chance = self._network[client.name]
        link = Link(client, chance, self.plan.latency, self._told)
        self.links[link] = None
        process = chance.choice(self.processes)
        self.trace.note(client.name, "dials", process.name)
        author = self._authors[client.author]
        process.connect(link, author, attribution=client.ledger is not None)
        return link

    def _told(self, message: bytes) -> None:
        reader = wire.Reader(message)
        if reader.uint() == wire.SYNC:
            step, body = reader.uint(), reader.array()
            if step == wire.STEP_1:
                self.witness.promised(dict(wire.state_vector(body)))
            else:
                self.witness.shown(body)
