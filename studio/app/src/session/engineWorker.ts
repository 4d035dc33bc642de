// The worker of the studio: the engine, and what draws networks that run on a GPU.
import {RemoteRenderer} from '@flux/canvas/worker';
import {serve} from '@flux/engine/worker';

serve(RemoteRenderer.create);
