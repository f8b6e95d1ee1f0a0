import { chromium } from '@playwright/test';
const S='http://localhost:4600', P='http://127.0.0.1:4601';
const b=await chromium.launch({executablePath:'/usr/bin/chromium-headless-shell',args:['--no-sandbox']});
const pages=[['shop-home',S+'/'],['shop-item',S+'/items/now-and-forever'],['shop-orders',S+'/orders'],['shop-library',S+'/library'],['shop-sell',S+'/sell'],['pay-front',P+'/'],['pay-account',P+'/account'],['pay-balance',P+'/account/balance'],['pay-tokens',P+'/account/tokens'],['pay-instruments',P+'/account/instruments'],['pay-developer',P+'/account/developer']];
for (const [mode,opt] of [['wide',{viewport:{width:1280,height:900}}],['narrow',{viewport:{width:320,height:800}}],['dark',{viewport:{width:1280,height:900},colorScheme:'dark'}]]) {
  const c=await b.newContext(opt); const p=await c.newPage();
  await p.goto(S+'/sign-in'); await p.fill('[name=email]','john@example.com'); await p.fill('[name=password]','digitaldownload'); await p.click('main button[type=submit], main form button');
  await p.goto(P+'/account/sign-in'); await p.fill('[name=email]','john@example.com'); await p.fill('[name=password]','amazonpayments'); await p.click('main button');
  for (const [n,u] of pages) { await p.goto(u); await p.screenshot({path:`/tmp/shots/${n}-${mode}.png`}); }
  if (mode==='wide') { await p.goto(S+'/checkout/cartwheel-backup'); const t=await p.title(); await p.screenshot({path:'/tmp/shots/shop-checkout-wide.png'}); await p.click('main form button'); await p.waitForLoadState(); await p.screenshot({path:'/tmp/shots/cbui-1-wide.png'}); console.log(t,p.url()); }
  await c.close();
}
await b.close();
