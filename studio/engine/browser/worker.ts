// A worker that computes and does not draw.
import {serve} from '../src/serve';

serve();
