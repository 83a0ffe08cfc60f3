import { Avatar } from '../../src/ui/Avatar.tsx';
import { Button } from '../../src/ui/Button.tsx';
import { Chip } from '../../src/ui/Chip.tsx';
import { Hash } from '../../src/ui/Hash.tsx';
import { Icon } from '../../src/ui/Icon.tsx';
import { ICON_NAMES } from '../../src/ui/iconNames.ts';
import { LanguageChoice } from '../../src/ui/LanguageChoice.tsx';
import { Mark } from '../../src/ui/Mark.tsx';
import { Value } from '../../src/ui/Value.tsx';
import { HASH } from '../samples.ts';
import type { States } from '../States.ts';

const KINDS = ['main', 'plain', 'danger', 'quiet'] as const;

/** The smallest parts: what is pressed, and what stands beside a word. */
export const PARTS = {
  Button: {
    ...Object.fromEntries(
      KINDS.map((kind) => [
        kind,
        <p key={kind} className="row">
          <Button kind={kind}>Show records</Button>
          <Button kind={kind} busy>
            Busy
          </Button>
          <Button kind={kind} disabled>
            Off
          </Button>
        </p>,
      ]),
    ),
    'with an icon': (
      <Button>
        <Icon name="scan-line" /> Scan a code
      </Button>
    ),
    long: <Button kind="main">Sign and prescribe Metformin 500 mg for Ana Ferreira</Button>,
  },
  Icon: {
    all: (
      <p className="row">
        {ICON_NAMES.map((name) => (
          <Icon key={name} name={name} />
        ))}
      </p>
    ),
  },
  Chip: {
    plain: <Chip>Not opened</Chip>,
    'with an icon': <Chip icon="eye">Read</Chip>,
    good: (
      <Chip icon="check" tone="good">
        In force
      </Chip>
    ),
    danger: (
      <Chip icon="triangle-alert" tone="danger">
        Allergy
      </Chip>
    ),
    acting: (
      <Chip icon="users-round" tone="acting">
        For your child
      </Chip>
    ),
  },
  Mark: {
    plain: (
      <Mark>
        <Icon name="pill" />
      </Mark>
    ),
    round: <Mark isRound>AF</Mark>,
    good: (
      <Mark tone="good">
        <Icon name="eye" />
      </Mark>
    ),
    danger: (
      <Mark tone="danger">
        <Icon name="shield-x" />
      </Mark>
    ),
  },
  Avatar: { 'two names': <Avatar name="Ana Ferreira" />, 'one name': <Avatar name="Noor" /> },
  Value: {
    measured: <Value>132 / 82 mmHg</Value>,
    dose: <Value>500 mg</Value>,
  },
  Hash: {
    closed: <Hash value={HASH} />,
    'as a link': <Hash value={HASH} to="/explorer" />,
    short: <Hash value="0x5a5a5a" />,
  },
  LanguageChoice: { chosen: <LanguageChoice /> },
} as const satisfies Readonly<Record<string, States>>;
