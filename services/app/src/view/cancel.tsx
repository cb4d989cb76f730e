// Cancelling an order that a server has: asked once more, then sent until there is an answer.
import { useRef, useState } from 'preact/hooks';
import { cancelOrder, type Order } from '../api/orders';
import type { Problem } from '../api/problem';
import { retryWaitMs, verdictOf } from '../outbox/retry';
import { text } from '../text';
import { Notice } from './parts';

const kAttempts = 4; // cancelling is no promise: who wants it goes on asking

export function CancelOrder({ order, show }: { order: Order; show(order: Order): void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Problem | 'lost' | null>(null);
  const cancel = async () => {
    dialog.current?.close();
    setBusy(true);
    setTrouble(null);
    for (let attempt = 1; ; attempt += 1) {
      const answer = await cancelOrder(order.orderId);
      if (answer.kind === 'ok') show(answer.value);
      else if (verdictOf(answer) === 'again' && attempt < kAttempts) {
        await new Promise((resolve) => setTimeout(resolve, retryWaitMs(attempt)));
        continue;
      } else setTrouble(answer.kind === 'problem' ? answer.problem : 'lost');
      break;
    }
    setBusy(false);
  };
  return (
    <>
      <button type="button" class="button danger" disabled={busy} onClick={() => dialog.current?.showModal()}>
        {busy ? text.order.cancelling : text.order.cancel}
      </button>
      {trouble !== null && <Notice kind="bad">{text.problem(trouble)}</Notice>}
      <dialog ref={dialog} aria-labelledby="cancel-title">
        <h2 id="cancel-title">{text.order.cancelTitle}</h2>
        <p>{text.order.cancelWhy}</p>
        <div class="actions">
          <button type="button" class="button danger solid" onClick={() => void cancel()}>{text.order.cancelYes}</button>
          <button type="button" class="button" onClick={() => dialog.current?.close()}>{text.order.cancelNo}</button>
        </div>
      </dialog>
    </>
  );
}
