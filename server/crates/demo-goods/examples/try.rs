use demo_goods::art::*;
fn main(){
 let t=std::time::Instant::now();
 let ms=["tides","allotment","kettles","bus-window","weather-tiles","room","orchard","tarpaulin","flow","pebbles","contours","hills","skyline","stars","tree","pendulum","ripples","facets","weave","seed-head","quarters","boats"];
 let ps=["harbour","garden","dusk","clay","ink","meadow","winter","citrus","plum"];
 #[derive(serde::Deserialize)] struct S{m:Motif,p:Palette}
 for (i,m) in ms.iter().enumerate(){
  let pal=match *m {"bus-window"=>"dusk","stars"=>"dusk","allotment"=>"garden","orchard"=>"garden","tarpaulin"=>"harbour","tides"=>"harbour",_=>ps[i%9]};
  let s:S=toml::from_str(&format!("m=\"{m}\"\np=\"{pal}\"")).unwrap();
  let p=picture(s.m,s.p,Format::Square,m);
  let svg=demo_goods::draw::svg::document(&p,m); 
  let png=demo_goods::draw::picture::png(&p,3000,300).unwrap();
  println!("{m} {} {} {:?}",svg.len(),png.len(),t.elapsed());
  std::fs::write(format!("/tmp/goods/{m}.svg"),svg).unwrap();
 }
}
