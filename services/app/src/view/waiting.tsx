// An order that no server has answered yet.
import { useState } from 'preact/hooks';
import type { Entry } from '../outbox/entry';
import { go } from '../routes';
import { fillBasket } from '../state/basket';
import { online } from '../state/network';
import { forget, outboxLasts, sendNow, withdraw } from '../state/outbox';
import { signIn } from '../state/session';
import { text } from '../text';
import { Hero, OrderLines } from './order';
import { Title, type Shown } from './parts';
import { clockTime } from './time';

export function shownOf(entry: Entry): Shown {
  if (entry.state === 'refused') return 'REFUSED';
  return entry.withdrawn ? 'WITHDRAWING' : entry.state === 'sent' ? 'PENDING' : 'WAITING';
}

export function WaitingOrder({ entry }: { entry: Entry }) {
  const shown = shownOf(entry);
  return (
    <>
      <Title>{text.order.yours}</Title>
      <Hero status={shown} says={saying(entry)} />
      <OrderLines items={entry.items} />
      <p class="small muted">{text.order.placed(clockTime(entry.placedAt))}</p>
      <div class="actions">{shown === 'REFUSED' ? <Refused entry={entry} /> : !entry.withdrawn && <Waiting entry={entry} />}</div>
    </>
  );
}

function saying(entry: Entry): string {
  if (entry.state === 'refused') return text.problem({ type: entry.problem ?? 'unknown', status: 422 });
  if (entry.withdrawn) return text.order.withdrawingWhy;
  if (signIn.value !== 'not asked') return text.order.signInToSend;
  if (!outboxLasts.value) return text.order.waitingShort;
  return online.value && entry.attempts > 0 ? text.order.sendingWhy : text.order.waitingWhy;
}

function Waiting({ entry }: { entry: Entry }) {
  const [busy, setBusy] = useState(false);
  const once = (work: () => Promise<void>) => async () => {
    setBusy(true);
    try {
      await work();
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      {online.value && <button type="button" class="button primary" disabled={busy} onClick={once(sendNow)}>{text.order.tryNow}</button>}
      <button type="button" class="button danger" onClick={() => void withdraw(entry.key)}>{text.order.withdraw}</button>
    </>
  );
}

function Refused({ entry }: { entry: Entry }) {
  const dismiss = async () => {
    go({ page: 'orders' });
    await forget(entry.key);
  };
  const back = async () => {
    fillBasket(entry.items);
    go({ page: 'basket' });
    await forget(entry.key);
  };
  return (
    <>
      <button type="button" class="button primary" onClick={() => void back()}>{text.order.toBasket}</button>
      <button type="button" class="button" onClick={() => void dismiss()}>{text.order.dismiss}</button>
    </>
  );
}
