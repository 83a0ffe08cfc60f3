/** A piece of work on this repository. */
export interface Task {
  /** Purpose, for whoever asks for the names. */
  readonly says: string;
  /** Line for the shell. */
  readonly line: string;
  /** Needs what `npm ci` leaves out. */
  readonly tools: boolean;
  /** Is done if no name is given, in the order of the table. */
  readonly unnamed?: true;
}

const TEST = 'node --import ./scripts/untrackedPromises.ts --test';
const FOUNDED = '--test-global-setup=./scripts/together/keepFounded.ts';
const IN_DOTS = 'node --test --test-reporter=dot';
const PRETTIER = 'prettier --log-level warn --cache --cache-location .cache/prettier';

/** All work that `scripts/run.ts` does, by the script of `package.json` and the name that follows it. */
export const GROUPS = {
  check: {
    format: {
      says: 'the format of all files',
      line: `${PRETTIER} --check .`,
      tools: true,
      unnamed: true,
    },
    lint: { says: 'lint with types', line: 'oxlint --type-aware', tools: true, unnamed: true },
    types: {
      says: 'types',
      line: 'tsc --incremental --tsBuildInfoFile .cache/tsc.json && tsc -p portal --incremental --tsBuildInfoFile .cache/tsc-portal.json',
      tools: true,
      unnamed: true,
    },
    sources: {
      says: 'arrows between rooms, exports of the client, names, styles, words, length of functions',
      line: `${IN_DOTS} 'scripts/{firstUsers,longFunctions,names,rooms,styles,words/words}.check.test.ts'`,
      tools: true,
      unnamed: true,
    },
    api: {
      says: 'pages and examples of the package',
      line: `${IN_DOTS} scripts/api.check.test.ts`,
      tools: true,
      unnamed: true,
    },
    figures: {
      says: 'figures of performance are of commits that are not too far back',
      line: 'node bench/checkFigures.ts',
      tools: true,
      unnamed: true,
    },
    dead: { says: 'dead code', line: 'knip', tools: true, unnamed: true },
    contracts: {
      says: 'generated bindings are those of the contracts',
      line: 'node contracts/build.ts --check',
      tools: true,
    },
  },
  suite: {
    slow: {
      says: 'the slower tests',
      line: `${TEST} ${FOUNDED} --test-concurrency=3 '{demo,proof,scripts,portal/{src,test}}/**/*.slow.test.ts' 'src/!(client|services)/**/*.slow.test.ts' 'src/client/{*,{agent,care,kept,records,rights,state}/**/*}.slow.test.ts' 'src/services/{*,agent/*}.slow.test.ts'`,
      tools: true,
      unnamed: true,
    },
    timed: {
      says: 'those that measure time, alone on the machine',
      line: `${TEST} --test-concurrency=1 'src/**/*.timed.test.ts'`,
      tools: true,
      unnamed: true,
    },
    network: {
      says: 'everything with an engine, server or broker beside it',
      line: `${TEST} --test-concurrency=1 '{scripts,src}/**/*.network.test.ts'`,
      tools: true,
    },
    consortium: {
      says: 'networks of four validators, without the faults',
      line: `${TEST} --test-concurrency=1 'src/ledger/{engine,refusals,worstBlock}.network.test.ts' 'src/{consortium,cli/verify}/*.network.test.ts' scripts/consortium/consortium.network.test.ts`,
      tools: true,
    },
    release: {
      says: 'a release for this machine',
      line: `${TEST} scripts/release/release.network.test.ts`,
      tools: true,
    },
    stores: {
      says: 'real servers of stores',
      line: `${TEST} --test-concurrency=1 src/vault/realStores.network.test.ts src/services/contributor/serverVault.network.test.ts`,
      tools: true,
    },
    sensors: {
      says: 'sensors at a real broker',
      line: `${TEST} --test-concurrency=1 '{src,scripts}/sensors/**/*.network.test.ts'`,
      tools: true,
    },
    keys: {
      says: 'who can open what, over random sequences',
      line: "node --test 'proof/keys/*.slow.test.ts'",
      tools: true,
    },
    outside: {
      says: 'tests that others wrote',
      line: "node --test 'scripts/outside/*.slow.test.ts'",
      tools: true,
    },
    contracts: { says: 'the contracts’ own tests', line: 'hardhat test solidity', tools: true },
    engine: {
      says: 'the engine’s own tests',
      line: 'cd engine && go vet -trimpath -tags=netgo,osusergo ./... && go test -trimpath -tags=netgo,osusergo ./...',
      tools: false,
    },
    pkcs11: {
      says: 'tests of the program that speaks to a PKCS#11 token, with SoftHSM if it is installed',
      line: `cd pkcs11 && CGO_ENABLED=0 go vet ./... && CGO_ENABLED=0 go test ./... && cd .. && ${TEST} src/node/token/softToken.network.test.ts`,
      tools: true,
    },
  },
  proof: {
    fuzz: {
      says: 'hostile input to every endpoint and parser',
      line: 'node proof/fuzz/runFuzz.ts',
      tools: true,
    },
    simulate: {
      says: 'networks under a scheduler that decides everything',
      line: 'node proof/simulation/runSimulations.ts --seeds 10000',
      tools: true,
    },
    keys: {
      says: 'who can open what, over as many sequences as wished',
      line: 'node proof/keys/runKeys.ts',
      tools: true,
    },
    faults: {
      says: 'a disk that fails at each place',
      line: 'node proof/faults/runFaults.ts',
      tools: true,
    },
    kill: {
      says: 'nodes that are killed under load',
      line: 'node proof/load/killNodes.ts',
      tools: false,
    },
    failover: {
      says: 'two PostgreSQL servers and two machines of an organisation that are killed under load',
      line: 'node proof/load/failOver.ts',
      tools: false,
    },
    soak: { says: 'hours of load', line: 'node proof/load/soak.ts', tools: false },
    tamper: {
      says: 'files of a stopped node that somebody alters',
      line: 'node proof/tampering/runTampering.ts --seeds 10000',
      tools: true,
    },
    contracts: {
      says: 'the contracts’ properties, ten times as often',
      line: 'FUZZ_RUNS=10000 hardhat test solidity',
      tools: true,
    },
  },
  build: {
    package: {
      says: 'what npm packs, in dist/',
      line: 'rm -rf dist && tsc -p tsconfig.build.json --emitDeclarationOnly && tsc -p tsconfig.build.json --noCheck --declaration false --removeComments && node scripts/layOutPackage.ts',
      tools: true,
      unnamed: true,
    },
    api: {
      says: 'the page of all that the package exports',
      line: 'node scripts/writeApiPage.ts',
      tools: true,
    },
    contracts: {
      says: 'the contracts and their bindings',
      line: 'node contracts/build.ts',
      tools: true,
    },
    engine: {
      says: 'the engine of a consortium’s ledger',
      line: 'node scripts/buildEngine.ts',
      tools: false,
    },
    pkcs11: {
      says: 'the program that speaks to a PKCS#11 token, in .cache/pkcs11/',
      line: "cd pkcs11 && CGO_ENABLED=0 go build -trimpath -buildvcs=false -mod=readonly '-ldflags=-s -w' -o ../.cache/pkcs11/medseal-pkcs11 .",
      tools: false,
    },
    stores: {
      says: 'the servers of stores that tests run',
      line: 'node scripts/stores/buildStores.ts',
      tools: false,
    },
  },
  maintain: {
    tools: { says: 'what tests and checks need', line: 'true', tools: true },
    format: { says: 'formats all files', line: `${PRETTIER} --write .`, tools: true },
    lock: {
      says: 'package-lock.json after a change of dependencies',
      line: 'npm install --package-lock-only && node scripts/complete-lock.ts',
      tools: false,
    },
    words: {
      says: 'lists sentences that are hard to read',
      line: 'node scripts/words/listHabits.ts',
      tools: true,
    },
    shots: {
      says: 'a picture of every screen of the portal',
      line: 'node portal/test/takeShots.ts',
      tools: true,
    },
    gallery: {
      says: 'every part of the portal’s screens in its states, in a browser',
      line: 'node portal/openGallery.ts',
      tools: false,
    },
    'keep-folder': {
      says: 'keeps a folder of this version for later ones',
      line: 'node scripts/folders/keepFolder.ts',
      tools: false,
    },
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Task>>>>;
