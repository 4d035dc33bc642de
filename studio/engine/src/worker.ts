// The engine's own worker: without a renderer.
import {serve} from './serve';

serve();
