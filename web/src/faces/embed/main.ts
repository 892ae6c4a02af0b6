import { EfirShow } from './efir-show.ts'

// The file may stand on a page twice.
if (!customElements.get('efir-show')) customElements.define('efir-show', EfirShow)
