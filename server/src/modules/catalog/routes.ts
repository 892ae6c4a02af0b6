import * as contract from '@efir/contract/catalog.ts'
import { bind, type Route } from '../../kernel/bind.ts'
import { addPicture } from './verbs/pictures.ts'
import * as products from './verbs/products.ts'
import * as views from './views.ts'

export const routes: Route[] = [
  bind.act(contract.createProduct, products.createProduct),
  bind.act(contract.changeProduct, products.changeProduct),
  bind.act(contract.setVariants, products.setVariants),
  bind.act(contract.setPrice, products.setPrice),
  bind.act(contract.publishProduct, products.publishProduct),
  bind.act(contract.writeSheet, products.writeSheet),
  bind.view(contract.sheetHistory, views.sheetHistory),
  bind.act(contract.relateProduct, products.relateProduct),
  bind.wire(contract.addPicture, addPicture),
  bind.act(contract.arrangePictures, products.arrangePictures),
  bind.view(contract.productPage, views.productPage),
  bind.view(contract.productEditor, views.productEditor),
  bind.view(contract.findProducts, views.findProducts),
  bind.view(contract.shopProducts, views.shopProducts),
  bind.view(contract.priceHistory, views.priceHistory),
]
