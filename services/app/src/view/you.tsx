// Who orders, what this device keeps, and the way to install the app.
import { useState } from 'preact/hooks';
import { forgetHistory } from '../state/history';
import { installable } from '../state/install';
import { entries } from '../state/outbox';
import { renameGuest, signOut, token, user } from '../state/session';
import { text } from '../text';
import { PulseIcon } from './icons';
import { Link, Title } from './parts';

const kNameBytesMax = 64;

export function YouView() {
  const waits = entries.value.filter((entry) => entry.state === 'waiting').length;
  return (
    <section class="narrow">
      <Title>{text.you.title}</Title>
      {token.value === null ? <Guest /> : <SignedIn />}
      {waits > 0 && <p><Link to={{ page: 'orders' }}>{text.you.waitsFor(waits)}</Link></p>}
      {installable.value !== null && (
        <div class="box">
          <h2>{text.you.install}</h2>
          <p>{text.you.installWhy}</p>
          <button type="button" class="button primary" onClick={installable.value}>{text.you.install}</button>
        </div>
      )}
      <div class="box">
        <h2>{text.you.device}</h2>
        <p>{text.you.deviceWhy}</p>
      </div>
      <Link to={{ page: 'status' }} class="button wide"><PulseIcon />{text.you.system}</Link>
    </section>
  );
}

function Guest() {
  const [name, setName] = useState(user.value);
  const [said, setSaid] = useState<string>('');
  const save = (event: Event) => {
    event.preventDefault();
    const wanted = name.trim();
    const good = wanted !== '' && new TextEncoder().encode(wanted).length <= kNameBytesMax && !/\p{Cc}/u.test(wanted);
    if (good) renameGuest(wanted);
    setSaid(good ? text.you.saved : text.you.badName);
  };
  return (
    <form class="box" onSubmit={save}>
      <label for="name">{text.you.rename}</label>
      <div class="field">
        <input id="name" value={name} autocomplete="off" spellcheck={false} maxLength={64} aria-describedby="name-why" onInput={(event) => setName(event.currentTarget.value)} />
        <button type="submit" class="button">{text.you.save}</button>
      </div>
      <p id="name-why" class="small muted">{text.you.guest}</p>
      <p role="status" class="small">{said}</p>
    </form>
  );
}

function SignedIn() {
  const leave = () => {
    forgetHistory();
    signOut();
  };
  return (
    <div class="box">
      <p>{text.you.as}</p>
      <p class="name">{user.value}</p>
      <p class="small muted">{text.you.signedIn}</p>
      <button type="button" class="button" onClick={leave}>{text.you.signOut}</button>
    </div>
  );
}
