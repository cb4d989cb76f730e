// The app's beginning.
import { render } from 'preact';
import { followHistory } from './routes';
import { followInstall } from './state/install';
import { refreshMenu } from './state/menu';
import { followNetwork } from './state/network';
import { sendNow, startOutbox } from './state/outbox';
import './style/base.css';
import './style/frame.css';
import './style/parts.css';
import './style/views.css';
import { App } from './view/app';
import { registerWorker } from './worker/register';

followHistory();
followInstall();
followNetwork(() => {
  void refreshMenu();
  void sendNow();
});
render(<App />, document.getElementById('app')!);
void startOutbox();
if (document.readyState === 'complete') void registerWorker();
else addEventListener('load', () => void registerWorker());
