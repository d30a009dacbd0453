package cds.spark;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.sql.api.java.UDF3;

/** Some bytes of a file of any Hadoop file system, as the executor reaches it: path, offset and length. */
public class ReadBlock implements UDF3 {
    public Object call(Object path, Object offset, Object length) throws Exception {
        Configuration configuration = SparkHadoopUtil.get().conf();
        Path file = new Path((String) path);
        byte[] block = new byte[((Number) length).intValue()];
        FSDataInputStream stream = file.getFileSystem(configuration).open(file);
        try {
            stream.readFully(((Number) offset).longValue(), block);
        } finally {
            stream.close();
        }
        return block;
    }
}
