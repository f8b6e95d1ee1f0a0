// What the lab's pages do beyond HTML: news without reloading. Everything works without it.
