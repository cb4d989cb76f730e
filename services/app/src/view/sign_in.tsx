// Signing in by a token, where the server asks for one.
import { useEffect, useRef, useState } from 'preact/hooks';
import { adopt } from '../state/outbox';
import { signIn, useToken, user } from '../state/session';
import { text } from '../text';
import { Notice, Title } from './parts';

export function SignInView() {
  const [wrong, setWrong] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const submit = (event: Event) => {
    event.preventDefault();
    // Read from the field and not kept in the view's state: the less it is copied, the better.
    const good = useToken(field.current?.value ?? '');
    setWrong(!good);
    if (good) void adopt(user.peek());
  };
  return (
    <section class="narrow">
      <Title lead={text.signIn.why}>{text.signIn.title}</Title>
      {signIn.value === 'refused' && !wrong && <Notice kind="bad">{text.signIn.refused}</Notice>}
      {wrong && <Notice kind="bad">{text.signIn.notAToken}</Notice>}
      <form class="box" onSubmit={submit}>
        <label for="token">{text.signIn.label}</label>
        <input id="token" ref={field} type="password" autocomplete="off" spellcheck={false} required aria-describedby="token-why" />
        <p id="token-why" class="small muted">{text.signIn.kept}</p>
        <button type="submit" class="button primary large">{text.signIn.button}</button>
      </form>
    </section>
  );
}
