// The same once more: into the basket, where it can still be changed.
import type { Line } from '../api/orders';
import { go } from '../routes';
import { fillBasket } from '../state/basket';
import { text } from '../text';

export function OrderAgain({ items }: { items: Line[] }) {
  const again = () => {
    fillBasket(items);
    go({ page: 'basket' });
  };
  return <button type="button" class="button" onClick={again}>{text.order.again}</button>;
}
