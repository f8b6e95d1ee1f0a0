use demo_goods::paper::*;
use demo_goods::draw::{pdf,svg};
fn main(){
 let t=std::time::Instant::now();
 #[derive(serde::Deserialize)] struct P{p:Paper}
 for (i,s) in ["{sudoku={count=20,given=30}}","{mazes={count=16}}","{round-mazes={count=12}}","{word-search={themes=[{name=\"Kitchen\",words=[\"kettle\",\"spoon\",\"colander\",\"bread\",\"oven\",\"whisk\"]}]}}","{calendar={year=2027}}","\"week\"","\"day\"","\"habits\"","\"budget\"","\"garden\"","\"meals\"","\"reading\"","\"travel\"","\"graph\"","\"music\"","\"handwriting\"","\"knitting\"","\"cross-stitch\"","\"quilt\"","{colouring={count=8}}","{mandalas={count=6}}","\"boxes\"","\"cards\"","\"labels\""].iter().enumerate(){
  let p:P=toml::from_str(&format!("p={s}")).unwrap();
  let pages=p.p.pages("x","Title","Maker");
  let f=pdf::document(pdf::About{title:"T",author:"M"},&pages,&[]);
  println!("{s} {} {} {:?}",pages.len(),f.len(),t.elapsed());
  std::fs::write(format!("/tmp/goods/p{i}.pdf"),f).unwrap();
  std::fs::write(format!("/tmp/goods/p{i}.svg"),svg::document(&pages[pages.len()-1],"x")).unwrap();
 }
}
