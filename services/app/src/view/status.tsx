// How the system is, live: services, orders, outboxes, lag, dead letters.
import { useEffect, useState } from 'preact/hooks';
import { getReadiness, getSystemStatus, whereStatusIs, type Readiness, type SystemStatus } from '../api/status';
import { text } from '../text';
import { CheckIcon, ClockIcon, CrossIcon } from './icons';
import { Loading, Notice, Title } from './parts';
import { exactTime } from './time';

const kLookMs = 1_000;

interface Look {
  system: SystemStatus | null;
  orders: Readiness | null; // what Orders says of itself
  told: boolean; // somebody tells of the whole system
  fresh: boolean;
  begun: boolean;
}

function useStatus(): Look {
  const [look, setLook] = useState<Look>({ system: null, orders: null, told: true, fresh: false, begun: false });
  useEffect(() => {
    let ended = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let where: string | null = null;
    const once = async () => {
      where ??= await whereStatusIs();
      const [system, orders] = await Promise.all([where === null ? null : getSystemStatus(where), getReadiness()]);
      if (ended) return;
      setLook((old) => ({ system: system ?? old.system, orders, told: where !== null, fresh: system !== null, begun: true }));
      timer = setTimeout(once, kLookMs);
    };
    void once();
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, []);
  return look;
}

export function StatusView() {
  const look = useStatus();
  return (
    <section class="status">
      <Title>{text.status.title}</Title>
      {!look.begun ? <Loading what={text.status.unknown} /> : look.system !== null ? <System status={look.system} fresh={look.fresh} /> : <Alone orders={look.orders} />}
    </section>
  );
}

function Verdict({ well, words }: { well: boolean | null; words: string }) {
  return (
    <span class={`verdict ${well === null ? 'open' : well ? 'good' : 'bad'}`}>
      {well === null ? <ClockIcon /> : well ? <CheckIcon /> : <CrossIcon />}
      {words}
    </span>
  );
}

function isWell({ services }: SystemStatus): boolean {
  return services.every(({ runs, ready }) => runs && ready !== false);
}

function System({ status, fresh }: { status: SystemStatus; fresh: boolean }) {
  const { orders, outbox, lag, deadLetters, stories } = status;
  return (
    <>
      <p class="headline" role="status">
        <Verdict well={fresh ? isWell(status) : null} words={!fresh ? text.status.stopped : isWell(status) ? text.status.allWell : text.status.notWell} />
      </p>
      {fresh && <p class="as-of"><span class="dot" aria-hidden="true" />{text.status.live(exactTime(status.at))}</p>}
      <h2>{text.status.orders}</h2>
      <dl class="numbers few">
        <Count name={text.status.pending} value={orders.PENDING} />
        <Count name={text.status.confirmed} value={orders.CONFIRMED} />
        <Count name={text.status.cancelled} value={orders.CANCELLED} />
      </dl>
      <h2>{text.status.events}</h2>
      <dl class="numbers">
        <Count name={text.status.outboxOrders} value={outbox.orders} />
        <Count name={text.status.outboxInventory} value={outbox.inventory} />
        <Count name={text.status.lagOrders} value={lag['orders.v1']} />
        <Count name={text.status.lagInventory} value={lag['inventory.v1']} />
        <Count name={text.status.deadOrders} value={deadLetters['orders.v1']} alarm />
        <Count name={text.status.deadInventory} value={deadLetters['inventory.v1']} alarm />
      </dl>
      <h2>{text.status.services}</h2>
      <ul class="services">{status.services.map((service) => <Service key={service.name} service={service} />)}</ul>
      {stories.length > 0 && (
        <>
          <h2>{text.status.stories}</h2>
          <ul class="services">
            {stories.map(({ title, outcome, held }) => <li key={title}><span>{title}</span><Verdict well={held} words={outcome} /></li>)}
          </ul>
        </>
      )}
      <Addresses status={status} />
    </>
  );
}

function Count({ name, value, alarm = false }: { name: string; value: number | null; alarm?: boolean }) {
  return (
    <div class={alarm && value ? 'alarm' : ''}>
      <dt>{name}</dt>
      <dd>{value === null ? <span class="small muted">{text.status.notKnown}</span> : value.toLocaleString('en')}</dd>
    </div>
  );
}

function Service({ service }: { service: SystemStatus['services'][number] }) {
  const { name, pid, runs, ready, detail, log } = service;
  const words = !runs ? text.status.ended : ready === null ? text.status.runs : ready ? text.status.ready : text.status.notReady;
  return (
    <li>
      <span>{name} <span class="small muted">{text.status.process(pid)}</span></span>
      <Verdict well={runs && ready !== false} words={words} />
      {detail !== '' && <span class="small detail">{detail}</span>}
      <span class="small muted mono detail"><span class="visually-hidden">{text.status.log} </span>{log}</span>
    </li>
  );
}

function Addresses({ status }: { status: SystemStatus }) {
  const rows: [string, string][] = [
    [text.status.api, `${status.api}/v1/orders`],
    [text.status.kafka, status.kafka],
    [text.status.ordersDatabase, `psql "${status.orders_database}"`],
    [text.status.inventoryDatabase, `psql "${status.inventory_database}"`],
    [text.status.folder, status.folder],
  ];
  return (
    <>
      <h2>{text.status.addresses}</h2>
      <dl class="addresses">{rows.map(([name, value]) => <div key={name}><dt>{name}</dt><dd class="mono">{value}</dd></div>)}</dl>
    </>
  );
}

function Alone({ orders }: { orders: Readiness | null }) {
  if (orders === null) return <Notice kind="bad">{text.problem('lost')}</Notice>;
  return (
    <>
      <p class="headline" role="status"><Verdict well={orders.ready} words={orders.ready ? text.status.allWell : text.status.notWell} /></p>
      <p class="muted">{text.status.alone}</p>
      <ul class="services">
        {orders.conditions.map(({ name, met, detail }) => (
          <li key={name}>
            <span>{name}</span>
            <Verdict well={met} words={met ? text.status.ready : text.status.notReady} />
            {detail && <span class="small muted detail">{detail}</span>}
          </li>
        ))}
      </ul>
    </>
  );
}
