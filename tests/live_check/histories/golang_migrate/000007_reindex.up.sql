REINDEX TABLE products;
CLUSTER products USING products_pkey;
